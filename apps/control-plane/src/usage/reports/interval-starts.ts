import type { UsageTimeseriesQuery } from '@penstock/contracts';
import type { UsageRange } from '../usage-range.ts';

type Interval = UsageTimeseriesQuery['interval'];

const NS_PER_MS = 1_000_000n;
const CLOCK_INTERVAL_MS = { minute: 60_000, hour: 3_600_000 } as const;

/**
 * When the intervals that a range touches begin in a time zone, in milliseconds, oldest first: the first begins at or before the range. An
 * interval reaches to the next start.
 *
 * Minutes and hours begin where the wall clock shows a whole one, so that the hour that autumn repeats is two intervals. Where
 * clocks are set by half an hour (Lord Howe), the hour of the change has 90 or 30 minutes. Days, weeks (from Monday) and months
 * begin with the first instant of their first day; a day that a zone has skipped (Samoa's 30 December 2011) is no interval.
 */
export function intervalStarts({ from, to }: UsageRange, interval: Interval, timeZone: string): number[] {
  return interval === 'minute' || interval === 'hour'
    ? clockStarts(from.getTime(), to.getTime(), CLOCK_INTERVAL_MS[interval], timeZone)
    : calendarStarts(from.getTime(), to.getTime(), interval, timeZone);
}

/** When the day or month that holds an instant begins in a time zone, and when the next one does; milliseconds. */
export function intervalAround(timeMs: number, interval: 'day' | 'month', timeZone: string): UsageRange {
  const [start = timeMs] = calendarStarts(timeMs, timeMs + 1, interval, timeZone);
  let date = plainDateAt(start, timeZone);
  let end = start;
  while (end <= timeMs) {
    date = date.add(interval === 'day' ? { days: 1 } : { months: 1 });
    end = startOf(date, timeZone);
  }
  return { from: new Date(start), to: new Date(end) };
}

function clockStarts(fromMs: number, toMs: number, lengthMs: number, timeZone: string): number[] {
  const starts: number[] = [];
  // The interval that holds the range's start may have begun before a change of the clock.
  let segmentMs = fromMs - 2 * lengthMs;
  while (segmentMs < toMs) {
    const nextMs = nextTransition(segmentMs, timeZone);
    const offsetMs = offsetAt(segmentMs, timeZone);
    let start = Math.ceil((segmentMs + offsetMs) / lengthMs) * lengthMs - offsetMs;
    for (; start < Math.min(nextMs, toMs); start += lengthMs) starts.push(start);
    if (nextMs < toMs && jumpsIntoNext(nextMs, lengthMs, timeZone)) starts.push(nextMs);
    segmentMs = nextMs;
  }
  return sinceLastBefore(starts, fromMs);
}

/** Whether clocks are set forward over the start of a later interval at a transition, without showing that start. */
function jumpsIntoNext(transitionMs: number, lengthMs: number, timeZone: string): boolean {
  const before = Math.floor((transitionMs - 1 + offsetAt(transitionMs - 1, timeZone)) / lengthMs);
  const wallClock = transitionMs + offsetAt(transitionMs, timeZone);
  return Math.floor(wallClock / lengthMs) > before && wallClock % lengthMs !== 0;
}

function calendarStarts(fromMs: number, toMs: number, interval: 'day' | 'week' | 'month', timeZone: string): number[] {
  const first = plainDateAt(fromMs, timeZone);
  const step = { day: { days: 1 }, week: { days: 7 }, month: { months: 1 } }[interval];
  let date = first;
  if (interval === 'week') date = first.subtract({ days: first.dayOfWeek - 1 });
  if (interval === 'month') date = first.with({ day: 1 });
  const starts: number[] = [];
  for (; ; date = date.add(step)) {
    const start = startOf(date, timeZone);
    if (start >= toMs) break;
    if (start > (starts.at(-1) ?? -Infinity)) starts.push(start);
  }
  return sinceLastBefore(starts, fromMs);
}

function sinceLastBefore(starts: readonly number[], fromMs: number): number[] {
  const first = starts.findLastIndex((start) => start <= fromMs);
  return starts.slice(Math.max(0, first));
}

function plainDateAt(timeMs: number, timeZone: string): Temporal.PlainDate {
  return zoned(timeMs, timeZone).toPlainDate();
}

function startOf(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

function offsetAt(timeMs: number, timeZone: string): number {
  return Number(BigInt(zoned(timeMs, timeZone).offsetNanoseconds) / NS_PER_MS);
}

function nextTransition(timeMs: number, timeZone: string): number {
  return zoned(timeMs, timeZone).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
}

function zoned(timeMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(timeZone);
}
