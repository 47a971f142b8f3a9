import type { Transaction } from '../prisma/prisma.service.ts';
import type { NewRow, ResourceRepository } from './resource-repository.ts';
import type { ResourceRow } from './resource-row.ts';

/** Where and when documents are written. */
export interface WritePlace {
  readonly transaction: Transaction;
  readonly organizationId: string;
  readonly now: Date;
}

/** A document as it goes into the tables. */
export interface DocumentToStore<Row> {
  /** Undefined: it is made. */
  readonly existing: Row | undefined;
  readonly row: NewRow;
  /** Writes what hangs on the row. */
  readonly attach?: ((row: { readonly id: string }) => Promise<void>) | undefined;
}

/** Writes one document with what hangs on it. Gives the row as it stands then, with its relations. */
export async function storeDocument<Row extends ResourceRow>(
  repository: ResourceRepository<Row>,
  { transaction, organizationId, now }: WritePlace,
  { existing, row, attach }: DocumentToStore<Row>,
): Promise<Row> {
  const written = existing
    ? await repository.update(transaction, existing.id, row, now)
    : await repository.insert(transaction, organizationId, row, now);
  await attach?.(written);
  return (await repository.find(transaction, organizationId, row.name)) ?? written;
}
