import { AdminError } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { Manifest, PreparedSpec, ResourceKind, WriteContext } from './resource-kind.ts';
import type { ResourceRow } from './resource-row.ts';
import { storeDocument } from './store-document.ts';

type AnyDocument = { readonly status: object };

/** Writes a manifest whose spec its kind has prepared. */
export async function writeDocument<Spec, Row extends ResourceRow, Document extends AnyDocument>(
  kind: ResourceKind<Spec, Row, Document>,
  manifest: Manifest<Spec>,
  { spec, columns, attach }: PreparedSpec,
  { transaction, actor, existing, now, name }: WriteContext<Row>,
): Promise<Row> {
  const { labels, annotations } = manifest.metadata;
  const row = { name, labels, annotations, spec, columns };
  const place = { transaction, organizationId: actor.organizationId, now };
  return storeDocument(kind.repository, place, { existing, row, attach });
}

/** Deletes a row that may change and that nothing refers to. Throws the 409. */
export async function removeDocument<Spec, Row extends ResourceRow, Document extends AnyDocument>(
  kind: ResourceKind<Spec, Row, Document>,
  transaction: Transaction,
  row: Row,
): Promise<void> {
  kind.requireMutable?.(row);
  const references = await kind.references(transaction, row);
  if (references.length > 0) throw stillReferenced(`${kind.kind} '${row.name}'`, references);
  await kind.repository.remove(transaction, row.id);
}

/** What the audit log keeps of a row. */
export function auditDocumentOf<Spec, Row extends ResourceRow, Document extends AnyDocument>(
  kind: ResourceKind<Spec, Row, Document>,
  row: Row,
): unknown {
  return kind.toAuditDocument ? kind.toAuditDocument(row) : kind.toDocument(row);
}

/** The 409 that lists what still refers to it. */
function stillReferenced(what: string, references: readonly string[]): AdminError {
  const shown = references.slice(0, 20).join(', ');
  const more = references.length > 20 ? ` and ${references.length - 20} more` : '';
  return new AdminError('still_referenced', `${what} is still used by ${shown}${more}.`, {
    errors: references.slice(0, 100).map((reference) => ({ field: 'metadata.name', message: `used by ${reference}` })),
  });
}
