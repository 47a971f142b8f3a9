import { Injectable } from '@nestjs/common';
import { invalidField } from '../common/admin-error.ts';
import { Prisma, type UsageEvent as UsageEventRow } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { decodeCursor, encodeCursor } from '../resources/page-cursor.ts';
import { eventConditions, type EventQuestion } from './event-question.ts';

interface PageQuestion extends EventQuestion {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Events are counted up to here: counting millions would take longer than the page. */
export const MAX_COUNTED_EVENTS = 10_000;

/** Single requests. */
@Injectable()
export class UsageEventsRepository {
  constructor(private readonly prisma: PrismaService) {}

  /**
   * Newest first; a page goes on right after the last event of the one before it, so that events that come meanwhile move
   * nothing. `total` ends at {@link MAX_COUNTED_EVENTS}.
   */
  async page(question: PageQuestion): Promise<{ rows: UsageEventRow[]; total: number; nextCursor: string | null }> {
    const { client } = this.prisma;
    const where = eventConditions(question);
    const [ids, [counted]] = await Promise.all([
      client.$queryRaw<{ id: string; day: Date }[]>`
        SELECT id, day FROM usage_event WHERE ${where} ${afterCursor(question.cursor)}
        ORDER BY occurred_at DESC, id DESC LIMIT ${question.limit + 1}`,
      client.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM (
          SELECT 1 FROM usage_event WHERE ${where} LIMIT ${MAX_COUNTED_EVENTS}) AS counted`,
    ]);
    const found = await client.usageEvent.findMany({
      where: { OR: ids.slice(0, question.limit).map(({ id, day }) => ({ id, day })) },
      orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
    });
    const last = ids.length > question.limit ? found.at(-1) : undefined;
    return {
      rows: found,
      total: counted?.count ?? 0,
      nextCursor: last ? encodeCursor({ value: last.occurredAt.toISOString(), id: last.id }) : null,
    };
  }
}

function afterCursor(cursor: string | undefined): Prisma.Sql {
  if (cursor === undefined) return Prisma.empty;
  const { value, id } = decodeCursor(cursor);
  const valid = !Number.isNaN(Date.parse(value)) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  if (!valid) throw invalidField('cursor', 'is not a cursor of this list');
  return Prisma.sql`AND (occurred_at, id) < (${value}::timestamptz, ${id}::uuid)`;
}
