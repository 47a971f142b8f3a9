import type { LedgerWindow } from './limit-kind.ts';

/** Milliseconds since 1970 at which four windows in a row begin: the previous one, the present one, and the two after it. */
export type CalendarBoundaries = readonly [previousMs: number, presentMs: number, nextMs: number, afterNextMs: number];

const HOUR_MS = 3_600_000;
/** Every zone with every window, and some aliases; more would be names that somebody makes up. */
const MAX_CACHED = 4_000;

const cache = new Map<string, CalendarBoundaries>();

/**
 * The boundaries of the calendar windows around a time, in a time zone (IANA name). Weeks begin on Monday. A day begins with its
 * first instant, also where midnight does not exist, and lasts as long as it does there (23 or 25 hours, say); an hour begins
 * with the local full hour, and anew where the clocks are put forward or back by something else than full hours. Windows follow
 * each other without a gap. Computed once in a window.
 * @throws RangeError for an unknown time zone.
 */
export function calendarBoundaries(window: LedgerWindow, timeZone: string, nowMs: number): CalendarBoundaries {
  const name = `${window} ${timeZone}`;
  const known = cache.get(name);
  if (known && known[1] <= nowMs && nowMs < known[2]) return known;
  const boundaries = window === 'hour' ? hours(timeZone, nowMs) : days(window, timeZone, nowMs);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(name, boundaries);
  return boundaries;
}

function days(window: Exclude<LedgerWindow, 'hour'>, timeZone: string, nowMs: number): CalendarBoundaries {
  const startMs = (date: Temporal.PlainDate): number => date.toZonedDateTime(timeZone).epochMilliseconds;
  const after = (date: Temporal.PlainDate): Temporal.PlainDate => date.add({ [`${window}s`]: 1 });
  /** A date that a zone skipped begins when the one after it does, so it makes no window. */
  const following = (date: Temporal.PlainDate): Temporal.PlainDate => {
    let next = after(date);
    while (startMs(next) === startMs(date)) next = after(next);
    return next;
  };
  let present = firstDate(window, zoned(timeZone, nowMs).toPlainDate());
  // Clocks that are put back over midnight show the old date once more; the window that had begun goes on.
  while (startMs(following(present)) <= nowMs) present = following(present);
  const next = following(present);
  const previous = firstDate(window, zoned(timeZone, startMs(present) - 1).toPlainDate());
  return [startMs(previous), startMs(present), startMs(next), startMs(following(next))];
}

function firstDate(window: Exclude<LedgerWindow, 'hour'>, date: Temporal.PlainDate): Temporal.PlainDate {
  if (window === 'month') return date.with({ day: 1 });
  return window === 'week' ? date.subtract({ days: date.dayOfWeek - 1 }) : date;
}

function hours(timeZone: string, nowMs: number): CalendarBoundaries {
  const presentMs = hourStart(timeZone, nowMs);
  const nextMs = hourEnd(timeZone, presentMs);
  return [hourStart(timeZone, presentMs - 1), presentMs, nextMs, hourEnd(timeZone, nextMs)];
}

function hourStart(timeZone: string, ms: number): number {
  const offsetMs = offset(timeZone, ms);
  const startMs = Math.floor((ms + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
  if (offset(timeZone, startMs) === offsetMs) return startMs;
  const changed = zoned(timeZone, ms + 1).getTimeZoneTransition('previous');
  return changed === null ? startMs : Math.max(startMs, changed.epochMilliseconds);
}

/** The end of the hour that begins at `startMs`. */
function hourEnd(timeZone: string, startMs: number): number {
  const offsetMs = offset(timeZone, startMs);
  const endMs = Math.floor((startMs + offsetMs) / HOUR_MS + 1) * HOUR_MS - offsetMs;
  if (offset(timeZone, endMs - 1) === offsetMs) return endMs;
  return zoned(timeZone, startMs).getTimeZoneTransition('next')?.epochMilliseconds ?? endMs;
}

function offset(timeZone: string, ms: number): number {
  return zoned(timeZone, ms).offsetNanoseconds / 1e6;
}

function zoned(timeZone: string, ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
}
