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

/** Appends to the audit log. The caller holds the writer's lock, so that the chain never forks. */
@Injectable()
export class AuditLog {
  readonly #clock: Clock;

  constructor(@Inject(CLOCK) clock: Clock) {
    this.#clock = clock;
  }

  async append(transaction: Transaction, actor: Actor, entry: AuditEntry): Promise<void> {
    const last = await transaction.auditEvent.findFirst({
      where: { organizationId: actor.organizationId },
      orderBy: { sequence: 'desc' },
      select: { sequence: true, hash: true },
    });
    const previousHash = last?.hash ?? FIRST_PREVIOUS_HASH;
    const row = {
      id: randomUUIDv7(),
      organizationId: actor.organizationId,
      sequence: (last?.sequence ?? 0n) + 1n,
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
    await transaction.auditEvent.create({
      data: {
        ...row,
        before: row.before ?? Prisma.DbNull,
        after: row.after ?? Prisma.DbNull,
        previousHash,
        hash: auditHash(previousHash, row),
      },
    });
  }
}

/** As the database will give it back: dates as text, undefined members gone. */
function plain(value: unknown): Prisma.InputJsonValue | null {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue | null);
}
