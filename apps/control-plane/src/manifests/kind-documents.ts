import type { FieldChange, ManifestKind } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { parseOrRefuse } from '../common/validation.ts';
import type { AuditEntry } from '../audit-events/audit-log.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { Manifest, ResourceKind } from '../resources/resource-kind.ts';
import type { RowSelection } from '../resources/resource-repository.ts';
import type { ResourceRow } from '../resources/resource-row.ts';
import { auditDocumentOf, removeDocument, writeDocument } from '../resources/write-document.ts';
import { type PlainManifest, plainManifest } from './plain-manifest.ts';
import { fieldChanges } from './field-changes.ts';

/** Where an apply works. */
export interface ApplyPlace {
  readonly transaction: Transaction;
  readonly actor: Actor;
  readonly now: Date;
}

/** What writing one manifest has done. */
export interface WrittenManifest {
  readonly result: 'created' | 'changed' | 'unchanged';
  readonly changes: FieldChange[];
  readonly revealed?: Readonly<Record<string, string>> | undefined;
  /** What the audit log gets; nothing for what is unchanged. */
  readonly audit?: AuditEntry;
}

type Described = { readonly metadata: unknown; readonly spec: unknown; readonly status: object };

/** Any kind: its specs and rows come out of it, and go back to it alone. */
export type AnyKind = ResourceKind<unknown, ResourceRow, Described>;

/** The documents of one kind as manifests see them, whatever their types are. */
export class KindDocuments {
  readonly #kind: AnyKind;
  readonly name: ManifestKind;

  constructor(name: ManifestKind, kind: AnyKind) {
    this.name = name;
    this.#kind = kind;
  }

  get affectsConfig(): boolean {
    return this.#kind.affectsConfig !== false;
  }

  get isSingleton(): boolean {
    return this.#kind.singleton === true;
  }

  /** Throws the 400 with all that is wrong with the fields. */
  parse(document: unknown): Manifest<unknown> {
    return parseOrRefuse(this.#kind.manifest, document);
  }

  /** What takes time, before the transaction begins. Throws the 422. */
  async vet({ spec }: Manifest<unknown>): Promise<void> {
    await this.#kind.vet?.(spec);
  }

  async rows(client: Transaction, organizationId: string, selection: RowSelection): Promise<readonly ResourceRow[]> {
    return this.#kind.repository.select(client, organizationId, selection);
  }

  /** What an export tells of the rows. */
  exported(rows: readonly ResourceRow[]): PlainManifest[] {
    const shown = rows.filter((row) => this.#kind.isExported?.(row) ?? true);
    return shown.map((row) => plainManifest(this.#kind.manifest, this.#kind.toDocument(row)));
  }

  /** Writes it, unless the row says the same already. Throws an `AdminError` for what the tables do not allow. */
  async write(
    manifest: Manifest<unknown>,
    existing: ResourceRow | undefined,
    place: ApplyPlace,
  ): Promise<WrittenManifest> {
    if (!existing) return this.#create(manifest, place);
    const before = this.#kind.toDocument(existing);
    return sameDocument(before, manifest) ? UNCHANGED : this.#update(manifest, { existing, before }, place);
  }

  async #create(manifest: Manifest<unknown>, place: ApplyPlace): Promise<WrittenManifest> {
    const { name } = manifest.metadata;
    if (this.isSingleton) throw notCreatable(this.name, name);
    const context = { ...place, name, existing: undefined };
    const prepared = await this.#kind.prepare(manifest.spec, context);
    const after = auditDocumentOf(this.#kind, await writeDocument(this.#kind, manifest, prepared, context));
    const audit = { action: 'create', ...this.#subject(name), after };
    return { result: 'created', changes: [], revealed: prepared.revealed, audit };
  }

  async #update(
    manifest: Manifest<unknown>,
    { existing, before }: { readonly existing: ResourceRow; readonly before: Described },
    place: ApplyPlace,
  ): Promise<WrittenManifest> {
    const { name } = manifest.metadata;
    this.#kind.requireMutable?.(existing);
    const context = { ...place, name, existing };
    const prepared = await this.#kind.prepare(manifest.spec, context);
    const { changedSecrets = [], revealed } = prepared;
    const next = { metadata: manifest.metadata, spec: prepared.spec };
    if (sameDocument(before, next) && changedSecrets.length === 0) return UNCHANGED;
    const audited = auditDocumentOf(this.#kind, existing);
    const after = auditDocumentOf(this.#kind, await writeDocument(this.#kind, manifest, prepared, context));
    const changes = [...documentChanges(before, next), ...changedSecrets.map(secretChange)];
    return {
      result: 'changed',
      changes,
      revealed,
      audit: { action: 'update', ...this.#subject(name), before: audited, after },
    };
  }

  /** Deletes it. Throws the 409 when it may not be. */
  async remove(row: ResourceRow, { transaction }: ApplyPlace): Promise<AuditEntry> {
    const before = auditDocumentOf(this.#kind, row);
    await removeDocument(this.#kind, transaction, row);
    return { action: 'delete', ...this.#subject(row.name), before };
  }

  #subject(resourceName: string) {
    return { resourceKind: this.name, resourceName };
  }
}

const UNCHANGED: WrittenManifest = { result: 'unchanged', changes: [] };

interface Compared {
  readonly metadata: unknown;
  readonly spec: unknown;
}

function sameDocument(left: Compared, right: Compared): boolean {
  return canonicalJson(comparedOf(left)) === canonicalJson(comparedOf(right));
}

function documentChanges(before: Compared, after: Compared): FieldChange[] {
  // Through JSON, so that members without a value count as missing.
  return fieldChanges(JSON.parse(JSON.stringify(comparedOf(before))), JSON.parse(JSON.stringify(comparedOf(after))));
}

function comparedOf({ metadata, spec }: Compared): Compared {
  return { metadata, spec };
}

function secretChange(field: string): FieldChange {
  return { field, secret: true };
}

function notCreatable(kind: ManifestKind, name: string): AdminError {
  const message = `there is no ${kind} named '${name}', and none can be made: use the name of the one that is there`;
  return new AdminError('invalid', 'The request is invalid.', { errors: [{ field: 'metadata.name', message }] });
}
