import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { Prisma } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { auditHash, FIRST_PREVIOUS_HASH } from './audit-chain.ts';

/** What happened to what; documents hold fingerprints where secrets would stand. */
export interface AuditEntry {
  readonly action: string;
  readonly resourceKind: string;
  readonly resourceName: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Rows of one INSERT. */
const INSERTED_AT_ONCE = 500;

/** Appends to the audit log. The caller holds the writer's lock, so that the chain never forks. */
@Injectable()
export class AuditLog {
  readonly #clock: Clock;

  constructor(@Inject(CLOCK) clock: Clock) {
    this.#clock = clock;
  }

  async append(transaction: Transaction, actor: Actor, entry: AuditEntry): Promise<void> {
    return this.appendAll(transaction, actor, [entry]);
  }

  /** Appends them in their order. */
  async appendAll(transaction: Transaction, actor: Actor, entries: readonly AuditEntry[]): Promise<void> {
    const last = await transaction.auditEvent.findFirst({
      where: { organizationId: actor.organizationId },
      orderBy: { sequence: 'desc' },
      select: { sequence: true, hash: true },
    });
    let { sequence, hash } = last ?? { sequence: 0n, hash: FIRST_PREVIOUS_HASH };
    for (let start = 0; start < entries.length; start += INSERTED_AT_ONCE) {
      const rows = entries.slice(start, start + INSERTED_AT_ONCE).map((entry) => {
        const row = { ...this.#contentOf(actor, entry), sequence: ++sequence };
        const previousHash = hash;
        hash = auditHash(previousHash, row);
        return { ...row, before: row.before ?? Prisma.DbNull, after: row.after ?? Prisma.DbNull, previousHash, hash };
      });
      await transaction.auditEvent.createMany({ data: rows });
    }
  }

  #contentOf(actor: Actor, entry: AuditEntry) {
    return {
      id: randomUUIDv7(),
      organizationId: actor.organizationId,
      occurredAt: new Date(this.#clock()),
      actor: actor.name,
      actorKind: actor.kind,
      action: entry.action,
      resourceKind: entry.resourceKind,
      resourceName: entry.resourceName,
      before: plain(entry.before),
      after: plain(entry.after),
      requestId: actor.requestId,
      address: actor.address,
    };
  }
}

/** As the database will give it back: dates as text, undefined members gone. */
function plain(value: unknown): Prisma.InputJsonValue | null {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue | null);
}
