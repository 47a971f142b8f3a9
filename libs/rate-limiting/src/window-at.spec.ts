import { describe, expect, it } from '@jest/globals';
import { Limit } from '@penstock/contracts';
import fc from 'fast-check';
import { calendarBoundaries } from './calendar-boundaries.ts';
import type { LedgerWindow } from './limit-kind.ts';
import { ROLLING_WINDOW_MS, rollingSliceMs } from './rolling-slices.ts';
import { windowAt } from './window-at.ts';

const HOUR_MS = 3_600_000;
const budget = (window: LedgerWindow, alignment: 'calendar' | 'rolling' = 'calendar'): Limit =>
  Limit.parse({ unit: 'cost', window, max: 1, alignment });
const local = (ms: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
/** Start and end as the zone's clocks show them. */
const span = (window: LedgerWindow, timeZone: string, at: string): string[] => {
  const { startMs, endMs } = windowAt(budget(window), timeZone, Date.parse(at));
  return [startMs, endMs].map((ms) => local(ms, timeZone).toString({ timeZoneName: 'never', smallestUnit: 'minute' }));
};

describe('a calendar window', () => {
  it('is aligned to the clocks of its time zone, a week to Monday', () => {
    const at = '2028-02-29T23:59:59.999Z'; // a Tuesday in a leap year
    expect(span('hour', 'UTC', at)).toEqual(['2028-02-29T23:00+00:00', '2028-03-01T00:00+00:00']);
    expect(span('day', 'UTC', at)).toEqual(['2028-02-29T00:00+00:00', '2028-03-01T00:00+00:00']);
    expect(span('week', 'UTC', at)).toEqual(['2028-02-28T00:00+00:00', '2028-03-06T00:00+00:00']);
    expect(span('month', 'UTC', at)).toEqual(['2028-02-01T00:00+00:00', '2028-03-01T00:00+00:00']);
    expect(span('month', 'Europe/Berlin', at)).toEqual(['2028-03-01T00:00+01:00', '2028-04-01T00:00+02:00']);
    expect(span('hour', 'Asia/Kathmandu', at)).toEqual(['2028-03-01T05:00+05:45', '2028-03-01T06:00+05:45']);
  });

  it.each([
    ['a day of 23 hours', 'day', 'Europe/Berlin', '2027-03-28T12:00:00Z', 23],
    ['a day of 25 hours', 'day', 'Europe/Berlin', '2027-10-31T12:00:00Z', 25],
    ['a day of 24.5 hours', 'day', 'Australia/Lord_Howe', '2027-04-04T00:00:00Z', 24.5],
    ['a day whose midnight does not exist', 'day', 'America/Havana', '2026-03-08T12:00:00Z', 23],
    ['a day that began twice', 'day', 'America/Havana', '2026-11-01T12:00:00Z', 25],
    ['the day before one that was skipped', 'day', 'Pacific/Apia', '2011-12-30T09:00:00Z', 24],
    ['a week with a skipped day', 'week', 'Pacific/Apia', '2011-12-28T12:00:00Z', 6 * 24],
    ['the half hour that is shown twice', 'hour', 'Australia/Lord_Howe', '2027-04-03T15:10:00Z', 0.5],
    ['the half hour after a jump', 'hour', 'Australia/Lord_Howe', '2026-10-03T15:40:00Z', 0.5],
    ['each of two hours of the same name', 'hour', 'Europe/Berlin', '2027-10-31T00:30:00Z', 1],
  ] as const)('is as long as its zone makes it: %s', (...[, window, timeZone, at, lengthHours]) => {
    const { startMs, endMs } = windowAt(budget(window), timeZone, Date.parse(at));
    expect((endMs - startMs) / HOUR_MS).toBe(lengthHours);
  });

  it('goes on where clocks are put back over midnight', () => {
    // 00:01 on 2010-11-07 became 23:01 on 2010-11-06.
    expect(span('day', 'America/St_Johns', '2010-11-07T03:00:00Z')[0]).toBe('2010-11-07T00:00-02:30');
  });

  const zones = Intl.supportedValuesOf('timeZone');
  const windows = fc.constantFrom<LedgerWindow>('hour', 'day', 'week', 'month');
  const times = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });
  /** Half of the times lie within two days of a change of the clocks. */
  const moments = fc
    .tuple(fc.constantFrom(...zones), times, fc.integer({ min: -48 * HOUR_MS, max: 48 * HOUR_MS }), fc.boolean())
    .map(([timeZone, ms, aroundMs, near]) => {
      const change = near ? local(ms, timeZone).getTimeZoneTransition('next') : null;
      return { timeZone, ms: change === null ? ms : change.epochMilliseconds + aroundMs };
    });

  it('holds its time, and begins where the one before ends, in every zone at every time', () => {
    fc.assert(
      fc.property(windows, moments, (window, { timeZone, ms }) => {
        const [previousMs, startMs, endMs, afterNextMs] = calendarBoundaries(window, timeZone, ms);
        expect(startMs <= ms && ms < endMs && previousMs < startMs && endMs < afterNextMs).toBe(true);
        expect(calendarBoundaries(window, timeZone, startMs - 1).slice(1, 3)).toEqual([previousMs, startMs]);
        expect(calendarBoundaries(window, timeZone, endMs).slice(0, 3)).toEqual([startMs, endMs, afterNextMs]);
        expect(calendarBoundaries(window, timeZone, startMs)[1]).toBe(startMs);
        expect(calendarBoundaries(window, timeZone, endMs - 1)[2]).toBe(endMs);
      }),
      { numRuns: 4_000 },
    );
  });

  it('begins with the first instant of its date, in every zone at every time', () => {
    const dates = fc.constantFrom<LedgerWindow>('day', 'week', 'month');
    fc.assert(
      fc.property(dates, moments, (window, { timeZone, ms }) => {
        const { startMs } = windowAt(budget(window), timeZone, ms);
        const first = local(startMs, timeZone);
        // The instant before belongs to another date, or to one that the clocks show a second time.
        expect(first.startOfDay().epochMilliseconds).toBe(startMs);
        if (window === 'week' && first.dayOfWeek !== 1) expect(skippedBefore(first)).toBe(true);
        if (window === 'month' && first.day !== 1) expect(skippedBefore(first)).toBe(true);
      }),
      { numRuns: 4_000 },
    );
  });

  it('is refused for a zone that nobody knows', () => {
    expect(() => windowAt(budget('day'), 'Europe/Atlantis', 0)).toThrow(RangeError);
  });
});

/** Whether the date before this one never was. */
function skippedBefore(first: Temporal.ZonedDateTime): boolean {
  const dayBefore = local(first.epochMilliseconds - 1, first.timeZoneId).toPlainDate();
  return dayBefore.until(first.toPlainDate()).days > 1;
}

describe('a rolling window', () => {
  it('counts every slice that overlaps it, whatever the time zone', () => {
    const windows = fc.constantFrom<LedgerWindow>('hour', 'day', 'week', 'month');
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: Date.UTC(2040, 0, 1) }), (window, ms) => {
        const [sliceMs, lengthMs] = [rollingSliceMs(window), ROLLING_WINDOW_MS[window]];
        const { startMs, endMs } = windowAt(budget(window, 'rolling'), 'Asia/Kathmandu', ms);
        expect(startMs % sliceMs === 0 && endMs - startMs === lengthMs + sliceMs).toBe(true);
        expect(startMs <= ms - lengthMs && ms - lengthMs < startMs + sliceMs && ms < endMs).toBe(true);
      }),
    );
  });
});
