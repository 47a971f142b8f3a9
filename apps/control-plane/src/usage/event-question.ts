import type { UsageOutcome } from '@penstock/contracts';
import { Prisma } from '../prisma/generated/client.ts';
import { EVENT_COLUMNS, givenNames } from './usage-question.ts';
import type { UsageFilter, UsageRange } from './usage-range.ts';

/** Which single events are asked for. */
export interface EventQuestion {
  readonly organizationId: string;
  readonly range: UsageRange;
  readonly filter: UsageFilter;
  readonly outcome?: UsageOutcome | undefined;
  readonly status?: number | undefined;
}

/** The conditions on `usage_event`. */
export function eventConditions({ organizationId, range, filter, outcome, status }: EventQuestion): Prisma.Sql {
  const day = (time: Date): string => time.toISOString().slice(0, 10);
  const conditions = [
    Prisma.sql`organization_id = ${organizationId}::uuid`,
    Prisma.sql`day BETWEEN ${day(range.from)}::date AND ${day(range.to)}::date`,
    Prisma.sql`occurred_at >= ${range.from.toISOString()}::timestamptz`,
    Prisma.sql`occurred_at < ${range.to.toISOString()}::timestamptz`,
    ...givenNames(filter).map(([kind, name]) => Prisma.sql`${EVENT_COLUMNS[kind]} = ${name}`),
    ...(outcome === undefined ? [] : [Prisma.sql`outcome = ${outcome}`]),
    ...(status === undefined ? [] : [Prisma.sql`http_status = ${status}`]),
  ];
  return Prisma.join(conditions, ' AND ');
}
