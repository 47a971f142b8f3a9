import type { UsageGroup } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';

const DAY_MS = 86_400_000;
const MAX_RANGE_MS = 400 * DAY_MS;
/** A day of 25 hours, where autumn begins, may stand at the end of 400 days. */
const HOUR_MS = 3_600_000;

/** What a report is about: `from` counts, `to` does not. */
export interface UsageRange {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The range of a query: the last 24 hours where it says nothing. A date stands for the begin of that day in the time zone.
 * Throws the 400 for a range that is empty or too long.
 */
export function usageRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
  timeZone: string,
): UsageRange {
  const to = query.to === undefined ? new Date(nowMs) : instantOf(query.to, timeZone);
  const from = query.from === undefined ? new Date(to.getTime() - DAY_MS) : instantOf(query.from, timeZone);
  if (from >= to) throw invalidField('from', 'must be before to');
  if (to.getTime() - from.getTime() > MAX_RANGE_MS + HOUR_MS) {
    throw invalidField('from', 'must be 400 days before to at most');
  }
  return { from, to };
}

function instantOf(bound: string, timeZone: string): Date {
  if (bound.includes('T')) return new Date(bound);
  return new Date(Temporal.PlainDate.from(bound).toZonedDateTime(timeZone).epochMilliseconds);
}

/** Names by which a report may be narrowed down. */
export type UsageFilter = { readonly [Name in UsageGroup]?: string | undefined };

/** The names among the fields of a query. */
export function filterOf({ key, team, proxy, provider, model, user }: UsageFilter): UsageFilter {
  return { key, team, proxy, provider, model, user };
}
