import { Injectable } from '@nestjs/common';
import type { AppliedManifest, ApplyQuery, ApplyResult, ExportQuery } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import type { Change } from '../config-revisions/config-writer.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { ManifestApply } from './manifest-apply.ts';
import { ManifestFaults } from './manifest-faults.ts';
import { ManifestKinds } from './manifest-kinds.ts';
import type { PlainManifest } from './plain-manifest.ts';
import { documentsIn, readManifests, type ReadManifest } from './read-manifests.ts';

/** Looks up the addresses of so many upstreams at once. */
const VETTED_AT_ONCE = 8;

/** Thrown to leave the tables as they were, though nothing is wrong. */
class NothingKept extends Error {
  constructor(readonly result: ApplyResult) {
    super('nothing is kept');
  }
}

/** Applies and exports many documents at once. */
@Injectable()
export class ManifestsService {
  constructor(
    private readonly kinds: ManifestKinds,
    private readonly tools: ResourceTools,
  ) {}

  /**
   * Writes all documents of the body or none, in one transaction with at most one config revision. Throws a refusal that names
   * every fault of every document.
   */
  async apply(actor: Actor, body: unknown, { dryRun, managedBy, prune }: ApplyQuery): Promise<ApplyResult> {
    const faults = new ManifestFaults();
    const manifests = readManifests(documentsIn(body), this.kinds.byName, { managedBy, faults });
    await vetAll(manifests, faults);
    const task = { kinds: this.kinds.inOrder, manifests, managedBy, prune };
    const work = (transaction: Transaction) =>
      this.#change(new ManifestApply(task, { transaction, actor, now: new Date(this.tools.clock()) }, faults), dryRun);
    try {
      const timeoutMs = timeoutOf(manifests.length);
      const { result, revision } = await this.tools.writer.changeNumbered(actor, work, timeoutMs);
      return { dryRun, revision: revision ?? null, items: result };
    } catch (error) {
      if (error instanceof NothingKept) return error.result;
      throw error;
    }
  }

  /** Throws what takes everything back: the faults, or that nothing is to be kept. */
  async #change(apply: ManifestApply, dryRun: boolean): Promise<Change<AppliedManifest[]>> {
    await apply.run();
    const { items, audit: details, affectsConfig, faults, managedBy } = apply;
    if (!faults.isEmpty) throw faults.toError();
    if (dryRun || details.length === 0) throw new NothingKept(unkept(items, dryRun));
    const summary = inWords(items);
    const cause = `apply${managedBy === undefined ? '' : ` by ${managedBy}`}: ${summary}`;
    const audit = { action: 'apply', resourceKind: 'Manifests', resourceName: managedBy ?? '', after: { summary } };
    return { result: items, audit, details, cause, affectsConfig };
  }

  /** Documents as they can be applied again, in the order in which they are written. Throws the 404 for a name that is not there. */
  async export(actor: Actor, { kind, name }: ExportQuery): Promise<readonly PlainManifest[]> {
    const selection = name === undefined ? {} : { names: [name] };
    const chosen = this.kinds.inOrder.filter((documents) => kind === undefined || documents.name === kind);
    // In one transaction, so that no document refers to one that is missing.
    const found = await this.tools.prisma.client.$transaction(
      async (transaction) => {
        const manifests: PlainManifest[] = [];
        for (const documents of chosen) {
          manifests.push(...documents.exported(await documents.rows(transaction, actor.organizationId, selection)));
        }
        return manifests;
      },
      { isolationLevel: 'RepeatableRead' },
    );
    if (name !== undefined && found.length === 0) {
      throw new AdminError('not_found', `There is no ${kind} named '${name}' that could be applied again.`);
    }
    return found;
  }
}

/** Writing a document takes some milliseconds, and many times that on a busy machine. */
function timeoutOf(documents: number): number {
  return Math.min(30_000 + documents * 50, 300_000);
}

async function vetAll(manifests: readonly ReadManifest[], faults: ManifestFaults): Promise<void> {
  for (let start = 0; start < manifests.length; start += VETTED_AT_ONCE) {
    const group = manifests.slice(start, start + VETTED_AT_ONCE);
    const ends = await Promise.allSettled(group.map(({ documents, manifest }) => documents.vet(manifest)));
    for (const [index, end] of ends.entries()) {
      const reference = group[index]?.reference;
      if (end.status === 'rejected' && reference) faults.addThrown(reference, end.reason);
    }
  }
}

/** Secrets that were made are worth nothing now. */
function unkept(items: readonly AppliedManifest[], dryRun: boolean): ApplyResult {
  return { dryRun, revision: null, items: items.map(({ revealed: _revealed, ...item }) => item) };
}

/** `2 created, 1 changed`. */
function inWords(items: readonly AppliedManifest[]): string {
  const groups = Map.groupBy(items, ({ result }) => result);
  return [...groups].map(([result, { length }]) => `${length} ${result}`).join(', ');
}
