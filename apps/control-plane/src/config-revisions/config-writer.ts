import { Injectable } from '@nestjs/common';
import { type AuditEntry, AuditLog } from '../audit-events/audit-log.ts';
import type { Actor } from '../common/actor.ts';
import { PrismaService, type Transaction } from '../prisma/prisma.service.ts';
import { ConfigPublisher } from './config-publisher.ts';
import { RevisionStore } from './revision-store.ts';

/** What a change did: its answer, and what the audit log says about it. */
export interface Change<Result> {
  readonly result: Result;
  readonly audit: AuditEntry;
  /** What it did to single documents, where `audit` does not say it all; these rows come first. */
  readonly details?: readonly AuditEntry[];
  /** What the revision says made it; the audit entry in words where it is left out. */
  readonly cause?: string;
  /** False: nothing that the data plane sees has changed, so no revision is made. */
  readonly affectsConfig?: boolean;
}

/** Any number; all writers of config and audit log take this transaction lock, so that revisions commit in their order. */
const WRITER_LOCK = 7_305_801;
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };

/** The one way to change anything: change, audit row and config revision in one transaction, then publication. */
@Injectable()
export class ConfigWriter {
  #line: Promise<void> = Promise.resolve();

  constructor(
    private readonly prisma: PrismaService,
    private readonly audit: AuditLog,
    private readonly revisions: RevisionStore,
    private readonly publisher: ConfigPublisher,
  ) {}

  /** Runs the work under the writer's lock and publishes what came of it. */
  async change<Result>(actor: Actor, work: (transaction: Transaction) => Promise<Change<Result>>): Promise<Result> {
    return (await this.changeNumbered(actor, work)).result;
  }

  /**
   * As {@link change}, with the number of the revision that it made; undefined when it made none. `timeoutMs`: how long the
   * work may take, while all other writers wait.
   */
  async changeNumbered<Result>(
    actor: Actor,
    work: (transaction: Transaction) => Promise<Change<Result>>,
    timeoutMs: number = TRANSACTION.timeout,
  ): Promise<{ readonly result: Result; readonly revision: number | undefined }> {
    const { result, envelope } = await this.#transact(async (transaction) => {
      const change = await work(transaction);
      await this.audit.appendAll(transaction, actor, [...(change.details ?? []), change.audit]);
      if (change.affectsConfig === false) return { result: change.result, envelope: undefined };
      const cause = change.cause ?? describe(change.audit);
      const snapshot = await this.revisions.buildCurrent(transaction);
      return { result: change.result, envelope: await this.revisions.append(transaction, { snapshot, actor, cause }) };
    }, timeoutMs);
    if (envelope) await this.publisher.publish(envelope);
    return { result, revision: envelope?.revision };
  }

  /** A revision of what the tables hold now; for start-up, when Redis or the table of revisions has none that fits. */
  async refresh(actor: Actor, cause: string): Promise<void> {
    const envelope = await this.#transact(async (transaction) => {
      const snapshot = await this.revisions.buildCurrent(transaction);
      return this.revisions.append(transaction, { snapshot, actor, cause });
    });
    await this.publisher.publish(envelope);
  }

  /** As {@link refresh}, but only when the newest revision holds something else. */
  async refreshIfDifferent(actor: Actor, cause: string): Promise<void> {
    const envelope = await this.#transact(async (transaction) => {
      const snapshot = await this.revisions.buildCurrent(transaction);
      if (await this.revisions.isNewest(transaction, snapshot)) return undefined;
      return this.revisions.append(transaction, { snapshot, actor, cause });
    });
    if (envelope) await this.publisher.publish(envelope);
  }

  /** Writers of this process stand in line here, so that those who wait hold no connections. */
  async #transact<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    timeoutMs: number = TRANSACTION.timeout,
  ): Promise<Result> {
    const turn = this.#line.then(() => this.#transactNow(work, timeoutMs));
    this.#line = turn.then(
      () => undefined,
      () => undefined, // whoever called is told; the next one goes on
    );
    return turn;
  }

  async #transactNow<Result>(work: (transaction: Transaction) => Promise<Result>, timeout: number): Promise<Result> {
    return this.prisma.client.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${WRITER_LOCK})`;
        return work(transaction);
      },
      { ...TRANSACTION, timeout },
    );
  }
}

function describe({ action, resourceKind, resourceName }: AuditEntry): string {
  return `${action} ${resourceKind} ${resourceName}`.trim();
}
