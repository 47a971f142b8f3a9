import vm from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { followingInterval, instantOf, startOfInterval, wallClock } from './zoned-time.ts';

interface ZonedDateTime {
  readonly epochMilliseconds: number;
  readonly dayOfWeek: number;
  startOfDay(): ZonedDateTime;
  with(fields: { readonly day: number }): ZonedDateTime;
  subtract(duration: { readonly days: number }): ZonedDateTime;
  add(duration: { readonly days?: number; readonly months?: number }): ZonedDateTime;
}
interface Instant {
  toZonedDateTimeISO(timeZone: string): ZonedDateTime;
}

// Browsers do not all have Temporal yet; Node's judges what stands in for it. jsdom's context has none of it.
const instantClass = vm.runInThisContext('Temporal.Instant') as {
  fromEpochMilliseconds(ms: number): Instant;
};
const zoned = (ms: number, zone: string): ZonedDateTime =>
  instantClass.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);

const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Beirut',
  'Pacific/Apia',
);
const instants = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });

const STARTS = {
  day: (time: ZonedDateTime) => time.startOfDay(),
  week: (time: ZonedDateTime) => time.subtract({ days: time.dayOfWeek - 1 }).startOfDay(),
  month: (time: ZonedDateTime) => time.with({ day: 1 }).startOfDay(),
} as const;
const FOLLOWING = { day: { days: 1 }, week: { days: 7 }, month: { months: 1 } } as const;

describe('days, weeks and months of a time zone', () => {
  it.each(['day', 'week', 'month'] as const)('begin where Temporal says a %s begins', (interval) => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        const start = STARTS[interval](zoned(ms, zone));
        expect(startOfInterval(ms, interval, zone)).toBe(start.epochMilliseconds);
        const following = start.add(FOLLOWING[interval]).startOfDay();
        expect(followingInterval(start.epochMilliseconds, interval, zone)).toBe(following.epochMilliseconds);
      }),
      { numRuns: 400 },
    );
  });

  it('begin with the clock’s jump where there is no midnight', () => {
    // Beirut's clocks go from 0:00 to 1:00.
    const jump = Date.UTC(2026, 2, 28, 22);
    expect(startOfInterval(jump + 5 * 3_600_000, 'day', 'Asia/Beirut')).toBe(jump);
  });
});

describe('hours of a time zone', () => {
  it('begin at the full hour of the clock on the wall', () => {
    expect(new Date(startOfInterval(Date.UTC(2026, 0, 1, 10, 10), 'hour', 'Asia/Kathmandu')).toISOString()).toBe(
      '2026-01-01T09:15:00.000Z',
    );
    expect(followingInterval(0, 'hour', 'UTC')).toBe(3_600_000);
    expect(followingInterval(startOfInterval(61_000, 'minute', 'UTC'), 'minute', 'UTC')).toBe(120_000);
  });
});

describe('a clock on the wall', () => {
  it('shows what was read back from it, except in the hour that is left out', () => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        const again = instantOf(wallClock(ms, zone), zone);
        expect(wallClock(again, zone)).toBe(wallClock(ms, zone));
        expect(again).toBeLessThanOrEqual(ms);
      }),
    );
  });
});
