import { Inject, Injectable } from '@nestjs/common';
import type { ConfigRevision, ConfigSnapshot, PageQuery, RollbackResult } from '@penstock/contracts';
import { AdminError, invalidField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import type { ConfigRevision as RevisionRow } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { Restoration } from '../rollback/restoration.ts';
import { restoreSnapshot } from '../rollback/restore-snapshot.ts';
import { ConfigWriter } from './config-writer.ts';
import { diffSnapshots, type SnapshotDifference } from './diff-snapshots.ts';
import { RevisionStore } from './revision-store.ts';
import { readStoredSnapshot } from './stored-snapshot.ts';

const columns = {
  revision: true,
  checksum: true,
  createdAt: true,
  actor: true,
  cause: true,
  published: true,
  bytes: true,
} as const;
type RevisionSummary = Pick<RevisionRow, keyof typeof columns>;

/** Reads, compares and rolls back config revisions. */
@Injectable()
export class ConfigRevisionsService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly revisions: RevisionStore,
    private readonly writer: ConfigWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first; the cursor is the last revision that was given. */
  async list(actor: Actor, query: Pick<PageQuery, 'limit' | 'cursor'>) {
    const where = { organizationId: actor.organizationId };
    const below = query.cursor === undefined ? {} : { revision: { lt: revisionOf(query.cursor) } };
    const [rows, total] = await Promise.all([
      this.prisma.client.configRevision.findMany({
        where: { ...where, ...below },
        orderBy: { revision: 'desc' },
        take: query.limit + 1,
        select: columns,
      }),
      this.prisma.client.configRevision.count({ where }),
    ]);
    const items = rows.slice(0, query.limit).map(toConfigRevision);
    const nextCursor = rows.length > items.length ? String(items.at(-1)?.revision) : null;
    return { items, total, nextCursor };
  }

  async get(actor: Actor, revision: number): Promise<ConfigRevision> {
    const row = await this.prisma.client.configRevision.findFirst({
      where: { revision: BigInt(revision), organizationId: actor.organizationId },
      select: columns,
    });
    if (!row) throw new AdminError('not_found', `There is no revision ${revision}.`);
    return toConfigRevision(row);
  }

  async diff(actor: Actor, from: number, to: number): Promise<SnapshotDifference[]> {
    const [before, after] = await Promise.all([this.#snapshot(actor, from), this.#snapshot(actor, to)]);
    return diffSnapshots(before, after);
  }

  /**
   * Writes an earlier state back into the documents and publishes it as a new revision; see {@link restoreSnapshot} for what
   * comes back and what does not. Throws the 409 when a deleted template or a context taken since stands in the way.
   */
  async rollback(actor: Actor, revision: number): Promise<RollbackResult> {
    const earlier = await this.#snapshot(actor, revision);
    const made = await this.writer.changeNumbered(actor, async (transaction) => {
      const restoration = new Restoration(transaction, actor, earlier, new Date(this.clock()));
      await restoreSnapshot(restoration, await this.revisions.buildCurrent(transaction));
      const { changes, withoutCredential, proxiesWithoutCredential: proxies, audit: details } = restoration;
      const result = { changes, withoutCredential, ...(proxies.length > 0 && { proxiesWithoutCredential: proxies }) };
      const audit = { action: 'rollback to', resourceKind: 'ConfigRevision', resourceName: String(revision) };
      return { result, audit: { ...audit, after: result }, details, cause: `rollback to ${revision}` };
    });
    return { ...(await this.get(actor, made.revision ?? revision)), ...made.result };
  }

  async #snapshot(actor: Actor, revision: number): Promise<ConfigSnapshot> {
    await this.get(actor, revision);
    const envelope = await this.revisions.envelope(this.prisma.client, revision);
    if (!envelope) throw new AdminError('not_found', `The content of revision ${revision} is no longer kept.`);
    return readStoredSnapshot(envelope.body);
  }
}

function toConfigRevision(row: RevisionSummary): ConfigRevision {
  return { ...row, revision: Number(row.revision), createdAt: row.createdAt.toISOString() };
}

function revisionOf(cursor: string): bigint {
  if (!/^\d{1,15}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this list');
  return BigInt(cursor);
}
