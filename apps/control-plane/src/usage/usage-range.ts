import type { UsageGroup } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';

/** Width of a row of sums. */
export const ROLLUP_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const MAX_RANGE_MS = 400 * DAY_MS;

/** What a report is about: `from` counts, `to` does not. */
export interface UsageRange {
  readonly from: Date;
  readonly to: Date;
}

/** The part of a range that sums cover, from one quarter of an hour to another; empty when `start` is not before `end`. */
export interface RolledUp {
  readonly start: Date;
  readonly end: Date;
}

/** The range of a query: the last 24 hours where it says nothing. Throws the 400 for one that is empty or too long. */
export function usageRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): UsageRange {
  const to = query.to === undefined ? new Date(nowMs) : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - DAY_MS) : new Date(query.from);
  if (from >= to) throw invalidField('from', 'must be before to');
  if (to.getTime() - from.getTime() > MAX_RANGE_MS) throw invalidField('from', 'must be 400 days before to at most');
  return { from, to };
}

/** The whole quarters of an hour inside of a range; what is outside of them is read from the events themselves. */
export function rolledUpPart({ from, to }: UsageRange): RolledUp {
  const start = new Date(Math.ceil(from.getTime() / ROLLUP_MS) * ROLLUP_MS);
  const end = new Date(Math.floor(to.getTime() / ROLLUP_MS) * ROLLUP_MS);
  return start < end ? { start, end } : { start: to, end: to };
}

/** Names by which a report may be narrowed down. */
export type UsageFilter = { readonly [Name in UsageGroup]?: string | undefined };
