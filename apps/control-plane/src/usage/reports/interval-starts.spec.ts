import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { intervalAround, intervalStarts } from './interval-starts.ts';

/** Of the world's odd clocks: half hours, quarters, half an hour of summer time, a skipped day, offsets of old with seconds. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'America/Havana',
  'Africa/Monrovia',
  'Europe/Amsterdam',
  'America/St_Johns',
  'Asia/Beirut',
];
const zone = fc.constantFrom(...ZONES);
const local = (timeMs: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(timeZone);
/** Near a change of the clocks as often as anywhere else. */
const moment = fc
  .record({
    year: fc.integer({ min: 1930, max: 2030 }),
    second: fc.integer({ min: 0, max: 31_536_000 }),
    near: fc.boolean(),
    timeZone: zone,
  })
  .map(({ year, second, near, timeZone }) => {
    const timeMs = Date.UTC(year, 0, 1) + second * 1_000;
    const change = near ? local(timeMs, timeZone).getTimeZoneTransition('next') : null;
    return { timeMs: change ? change.epochMilliseconds + ((second % 7_200) - 3_600) * 1_000 : timeMs, timeZone };
  });
const shown = (range: [string, string], interval: 'hour' | 'day' | 'week' | 'month', timeZone: string) =>
  intervalStarts({ from: new Date(range[0]), to: new Date(range[1]) }, interval, timeZone).map((start) =>
    local(start, timeZone).toString({ timeZoneName: 'never', smallestUnit: 'minute' }),
  );

describe('the starts of intervals', () => {
  it('of hours and minutes are the instants at which the wall clock comes to a whole one', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom('hour', 'minute'), ({ timeMs, timeZone }, interval) => {
        const range = { from: new Date(timeMs), to: new Date(timeMs + 6 * 3_600_000) };
        const starts = intervalStarts(range, interval, timeZone);
        // The plain model: look at the wall clock every second.
        const unit = interval === 'hour' ? 3_600 : 60;
        const wall = (secondMs: number) =>
          Math.floor((secondMs + local(secondMs, timeZone).offsetNanoseconds / 1e6) / 1_000);
        const model: number[] = [];
        const first = Math.floor((starts[0] ?? 0) / 1_000) * 1_000;
        for (let second = first, before = wall(first - 1_000); second < range.to.getTime(); second += 1_000) {
          const now = wall(second);
          if (now % unit === 0 || Math.floor(now / unit) > Math.floor(before / unit)) model.push(second);
          before = now;
        }
        expect(starts).toEqual(model);
        expect(starts[0]).toBeLessThanOrEqual(timeMs);
        expect(starts[1] ?? Infinity).toBeGreaterThan(timeMs);
      }),
      { numRuns: 40 },
    );
  });

  it('of days, weeks and months are the first instants of their first days', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom('day', 'week', 'month'), ({ timeMs, timeZone }, interval) => {
        const starts = intervalStarts(
          { from: new Date(timeMs), to: new Date(timeMs + 70 * 86_400_000) },
          interval,
          timeZone,
        );
        for (const [index, start] of starts.entries()) {
          const day = local(start, timeZone);
          expect(day.startOfDay().epochMilliseconds).toBe(start);
          if (interval === 'week') expect(day.dayOfWeek).toBe(1);
          if (interval === 'month') expect(day.day).toBe(1);
          expect(start).toBeLessThan(starts[index + 1] ?? Infinity);
        }
        expect(starts[0]).toBeLessThanOrEqual(timeMs);
        const days = intervalStarts(
          { from: new Date(starts[0] ?? 0), to: new Date((starts[0] ?? 0) + 110 * 86_400_000) },
          'day',
          timeZone,
        );
        // Every first day is found: none of the days between is one.
        const firsts = days.filter(
          (day) =>
            interval === 'day' ||
            (interval === 'week' ? local(day, timeZone).dayOfWeek === 1 : local(day, timeZone).day === 1),
        );
        const until = starts.at(-1) ?? 0;
        expect(starts).toEqual(firsts.filter((first) => first <= until));
      }),
      { numRuns: 60 },
    );
  });

  it('follow the clocks through spring, autumn, half an hour of summer time and a day that was skipped', () => {
    expect(shown(['2026-10-25T00:10Z', '2026-10-25T02:00Z'], 'hour', 'Europe/Berlin')).toEqual([
      '2026-10-25T02:00+02:00',
      '2026-10-25T02:00+01:00',
    ]);
    expect(shown(['2026-03-28T12:00Z', '2026-03-30T12:00Z'], 'day', 'Europe/Berlin')).toEqual([
      '2026-03-28T00:00+01:00',
      '2026-03-29T00:00+01:00',
      '2026-03-30T00:00+02:00',
    ]);
    expect(shown(['2026-10-03T14:40Z', '2026-10-03T16:10Z'], 'hour', 'Australia/Lord_Howe')).toEqual([
      '2026-10-04T01:00+10:30',
      '2026-10-04T02:30+11:00',
      '2026-10-04T03:00+11:00',
    ]);
    expect(shown(['2011-12-29T12:00Z', '2011-12-31T12:00Z'], 'day', 'Pacific/Apia')).toEqual([
      '2011-12-29T00:00-10:00',
      '2011-12-31T00:00+14:00',
      '2012-01-01T00:00+14:00',
    ]);
  });

  it('bound the day and the month that hold an instant', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom('day', 'month'), ({ timeMs, timeZone }, interval) => {
        const { from, to } = intervalAround(timeMs, interval, timeZone);
        expect(from.getTime()).toBeLessThanOrEqual(timeMs);
        expect(to.getTime()).toBeGreaterThan(timeMs);
        expect(intervalStarts({ from, to }, interval, timeZone)).toEqual([from.getTime()]);
      }),
    );
  });
});
