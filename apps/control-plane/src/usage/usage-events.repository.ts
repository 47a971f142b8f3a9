import { Injectable } from '@nestjs/common';
import { invalidField } from '../common/admin-error.ts';
import type { Prisma, UsageEvent as UsageEventRow } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { decodeCursor, encodeCursor } from '../resources/page-cursor.ts';
import type { UsageFilter, UsageRange } from './usage-range.ts';

interface EventQuestion {
  readonly organizationId: string;
  readonly range: UsageRange;
  readonly filter: UsageFilter;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Single requests. */
@Injectable()
export class UsageEventsRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Newest first. */
  async page(question: EventQuestion): Promise<{ rows: UsageEventRow[]; total: number; nextCursor: string | null }> {
    const where = whereOf(question);
    const [found, total] = await Promise.all([
      this.prisma.client.usageEvent.findMany({
        where: { AND: [where, afterCursor(question.cursor)] },
        orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
        take: question.limit + 1,
      }),
      this.prisma.client.usageEvent.count({ where }),
    ]);
    const rows = found.slice(0, question.limit);
    const last = found.length > rows.length ? rows.at(-1) : undefined;
    return {
      rows,
      total,
      nextCursor: last ? encodeCursor({ value: last.occurredAt.toISOString(), id: last.id }) : null,
    };
  }
}

function whereOf({ organizationId, range, filter }: EventQuestion): Prisma.UsageEventWhereInput {
  const day = (time: Date): Date => new Date(time.toISOString().slice(0, 10));
  return {
    organizationId,
    day: { gte: day(range.from), lte: day(range.to) },
    occurredAt: { gte: range.from, lt: range.to },
    ...(filter.key !== undefined && { virtualKeyName: filter.key }),
    ...(filter.team !== undefined && { teamName: filter.team }),
    ...(filter.proxy !== undefined && { proxyName: filter.proxy }),
    ...(filter.provider !== undefined && { providerName: filter.provider }),
    ...(filter.model !== undefined && { upstreamModel: filter.model }),
  };
}

function afterCursor(cursor: string | undefined): Prisma.UsageEventWhereInput {
  if (cursor === undefined) return {};
  const { value, id } = decodeCursor(cursor);
  const occurredAt = new Date(value);
  const valid = !Number.isNaN(occurredAt.getTime()) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  if (!valid) throw invalidField('cursor', 'is not a cursor of this list');
  return { OR: [{ occurredAt: { lt: occurredAt } }, { occurredAt, id: { lt: id } }] };
}
