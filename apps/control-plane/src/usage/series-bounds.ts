import type { UsageTimeseriesQuery } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { UsageRange } from './usage-range.ts';

type Interval = UsageTimeseriesQuery['interval'];

/** Points that one series may have, over all of its groups; what would be more is refused, never cut. */
export const MAX_SERIES_POINTS = 20_000;
/** Intervals that a range may be cut into. */
const MAX_INTERVALS = 2_000;

/** From fine to coarse; the shortest that a month can be. */
const INTERVALS: readonly { readonly interval: Interval; readonly ms: number }[] = [
  { interval: 'minute', ms: 60_000 },
  { interval: 'hour', ms: 3_600_000 },
  { interval: 'day', ms: 86_400_000 },
  { interval: 'week', ms: 7 * 86_400_000 },
  { interval: 'month', ms: 28 * 86_400_000 },
];

/** A series as it was asked for; `groups`: how many names there are, 1 when it is not grouped. */
export interface SeriesSize {
  readonly range: UsageRange;
  readonly interval: Interval;
  readonly groups: number;
}

/** Throws the 400 for a range that has too many intervals. */
export function requireFewIntervals({ range, interval }: Omit<SeriesSize, 'groups'>): void {
  const length = range.to.getTime() - range.from.getTime();
  if (length / msOf(interval) <= MAX_INTERVALS) return;
  throw refusal(`There are more than ${MAX_INTERVALS} intervals of a ${interval} in this range.`, {
    range,
    interval,
    groups: 1,
  });
}

/** The 400 for a series that has more than {@link MAX_SERIES_POINTS} points. */
export function tooManyPoints(size: SeriesSize): AdminError {
  const groups = size.groups === 1 ? '' : ` of ${size.groups} groups`;
  return refusal(`These are more than ${MAX_SERIES_POINTS} points${groups}.`, size);
}

function refusal(what: string, size: SeriesSize): AdminError {
  const advice = whatWouldFit(size);
  return new AdminError('invalid', `${what} ${advice}`, { errors: [{ field: 'interval', message: advice }] });
}

/** In words: the finest coarser interval over the whole range, and the longest range at this interval. */
function whatWouldFit({ range, interval, groups }: SeriesSize): string {
  const length = range.to.getTime() - range.from.getTime();
  // A range that does not begin with an interval touches one more.
  const intervals = Math.min(MAX_INTERVALS, Math.floor(MAX_SERIES_POINTS / groups) - 1);
  const ways: string[] = [];
  const coarser = INTERVALS.find(({ ms }) => ms > msOf(interval) && length <= intervals * ms);
  if (coarser) ways.push(`interval=${coarser.interval}`);
  if (intervals >= 1) ways.push(`a range of at most ${intervals} ${interval}${intervals === 1 ? '' : 's'}`);
  if (groups > 1) ways.push('one name instead of all');
  return `Ask for ${ways.join(', or ')}.`;
}

function msOf(interval: Interval): number {
  return INTERVALS.find((known) => known.interval === interval)?.ms ?? 0;
}
