import { type AppliedManifest, MANAGED_BY_LABEL } from '@penstock/contracts';
import type { AuditEntry } from '../audit-events/audit-log.ts';
import { type ContextHolder, placeColumns, vacateContexts } from '../llm-proxies/free-context.ts';
import { AdminError } from '../common/admin-error.ts';
import type { ResourceRow } from '../resources/resource-row.ts';
import type { ApplyPlace, KindDocuments } from './kind-documents.ts';
import type { ManifestFaults } from './manifest-faults.ts';
import type { ReadManifest } from './read-manifests.ts';

/** What is to be applied. */
export interface ApplyTask {
  readonly kinds: readonly KindDocuments[];
  readonly manifests: readonly ReadManifest[];
  readonly managedBy: string | undefined;
  readonly prune: boolean;
}

/** One apply at work inside of its transaction; it goes on after a fault, to find them all. */
export class ManifestApply {
  readonly items: AppliedManifest[] = [];
  readonly audit: AuditEntry[] = [];
  affectsConfig = false;
  readonly #surplus = new Map<KindDocuments, readonly ResourceRow[]>();

  constructor(
    private readonly task: ApplyTask,
    private readonly place: ApplyPlace,
    readonly faults: ManifestFaults,
  ) {}

  get managedBy(): string | undefined {
    return this.task.managedBy;
  }

  async run(): Promise<void> {
    if (this.task.prune) await this.#findSurplus();
    await this.#freeContexts();
    for (const documents of this.task.kinds) await this.#writeKind(documents);
    this.items.sort((left, right) => (left.index ?? 0) - (right.index ?? 0));
    // What a faulty document would have let go of is still held, which would be told as another fault.
    if (this.task.prune && this.faults.isEmpty) await this.#prune();
  }

  async #writeKind(documents: KindDocuments): Promise<void> {
    const manifests = this.task.manifests.filter((manifest) => manifest.documents === documents);
    const existing = await this.#existing(documents, manifests);
    for (const manifest of manifests) await this.#write(manifest, existing.get(manifest.reference.name));
  }

  /** The rows that the manifests write over, by name. */
  async #existing(
    documents: KindDocuments,
    manifests: readonly ReadManifest[],
  ): Promise<ReadonlyMap<string, ResourceRow>> {
    if (manifests.length === 0) return new Map();
    const names = manifests.map(({ reference }) => reference.name);
    const rows = await documents.rows(this.place.transaction, this.place.actor.organizationId, { names });
    return new Map(rows.map((row) => [row.name, row]));
  }

  /** Proxies and providers may swap their contexts, and take those of what goes. */
  async #freeContexts(): Promise<void> {
    const holders: Pick<ContextHolder, 'kind' | 'id'>[] = [];
    for (const documents of this.task.kinds) {
      const { name: kind } = documents;
      if (kind !== 'LlmProvider' && kind !== 'LlmProxy') continue;
      const manifests = this.task.manifests.filter((manifest) => manifest.documents === documents);
      const existing = await this.#existing(documents, manifests);
      const changing = manifests.flatMap(({ reference, manifest }) => {
        const row = existing.get(reference.name);
        return row && placeOf(row.spec) !== placeOf(manifest.spec) ? [row] : [];
      });
      for (const { id } of [...changing, ...(this.#surplus.get(documents) ?? [])]) holders.push({ kind, id });
    }
    await vacateContexts(this.place.transaction, holders);
  }

  async #write({ reference, documents, manifest }: ReadManifest, existing: ResourceRow | undefined): Promise<void> {
    const { index, name } = reference;
    try {
      this.#requireOwn(existing);
      const { audit, revealed, ...written } = await documents.write(manifest, existing, this.place);
      this.items.push({
        index,
        kind: documents.name,
        name,
        ...written,
        ...(revealed && { revealed: { ...revealed } }),
      });
      if (audit) this.#record(documents, audit);
    } catch (error) {
      this.faults.addThrown(reference, error);
    }
  }

  #requireOwn(existing: ResourceRow | undefined): void {
    const { managedBy } = this.task;
    const owner = existing && managerOf(existing);
    if (managedBy === undefined || owner === undefined || owner === managedBy) return;
    throw ownedByAnother(owner);
  }

  /** The manager's documents that are not in the set. */
  async #findSurplus(): Promise<void> {
    const { transaction, actor } = this.place;
    const label = { key: MANAGED_BY_LABEL, value: this.task.managedBy ?? '' };
    for (const documents of this.task.kinds.filter(({ isSingleton }) => !isSingleton)) {
      const wanted = this.task.manifests.filter((manifest) => manifest.documents === documents);
      const names = new Set(wanted.map(({ reference }) => reference.name));
      const rows = await documents.rows(transaction, actor.organizationId, { label });
      const surplus = rows.filter(({ name }) => !names.has(name));
      if (surplus.length > 0) this.#surplus.set(documents, surplus);
    }
  }

  /** First what refers to others. */
  async #prune(): Promise<void> {
    for (const documents of this.task.kinds.toReversed()) {
      for (const row of this.#surplus.get(documents) ?? []) {
        try {
          this.#record(documents, await documents.remove(row, this.place));
          this.items.push({ index: null, kind: documents.name, name: row.name, result: 'deleted', changes: [] });
        } catch (error) {
          // It has no place among the documents that were sent.
          this.faults.addThrown({ index: -1, kind: documents.name, name: row.name }, error);
        }
      }
    }
  }

  #record(documents: KindDocuments, audit: AuditEntry): void {
    this.audit.push(audit);
    this.affectsConfig ||= documents.affectsConfig;
  }
}

/** Where a spec is reached, in a word. */
function placeOf(spec: unknown): string {
  return JSON.stringify(placeColumns(spec as { readonly context?: string; readonly vhost?: string }));
}

function managerOf({ labels }: ResourceRow): string | undefined {
  return (labels as Readonly<Record<string, string>>)[MANAGED_BY_LABEL];
}

function ownedByAnother(owner: string): AdminError {
  const field = `metadata.labels.${MANAGED_BY_LABEL}`;
  return new AdminError('conflict', `It is managed by '${owner}'.`, {
    errors: [
      { field, message: `is '${owner}' where it is stored: take the label off there first, or apply as '${owner}'` },
    ],
  });
}
