import { Injectable } from '@nestjs/common';
import type { PageQuery } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { toAuditEvent } from './audit-event.mapper.ts';

/** What narrows down the audit log. */
export interface AuditFilter extends Pick<PageQuery, 'limit' | 'cursor'> {
  readonly resourceKind?: string | undefined;
  readonly resourceName?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
}

/** Reads the audit log. */
@Injectable()
export class AuditEventsService {
  constructor(private readonly prisma: PrismaService) {}

  /** Newest first; the cursor is the place in the chain of the last event that was given. */
  async list(actor: Actor, filter: AuditFilter) {
    const { limit, cursor, ...given } = filter;
    const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const where = { organizationId: actor.organizationId, ...fields };
    const below = cursor === undefined ? {} : { sequence: { lt: sequenceOf(cursor) } };
    const [rows, total] = await Promise.all([
      this.prisma.client.auditEvent.findMany({
        where: { ...where, ...below },
        orderBy: { sequence: 'desc' },
        take: limit + 1,
      }),
      this.prisma.client.auditEvent.count({ where }),
    ]);
    const shown = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? String(shown.at(-1)?.sequence) : null;
    return { items: shown.map(toAuditEvent), total, nextCursor };
  }
}

function sequenceOf(cursor: string): bigint {
  if (!/^\d{1,18}$/.test(cursor)) throw invalidField('cursor', 'is not a cursor of this list');
  return BigInt(cursor);
}
