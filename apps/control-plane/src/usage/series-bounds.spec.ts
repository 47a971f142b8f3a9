import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AdminError } from '../common/admin-error.ts';
import { MAX_SERIES_POINTS, requireFewIntervals, tooManyPoints } from './series-bounds.ts';

const HOUR_MS = 3_600_000;
const from = new Date(Date.UTC(2026, 0, 1));
const rangeOf = (hours: number) => ({ from, to: new Date(from.getTime() + hours * HOUR_MS) });
const messageOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof AdminError ? error.message : undefined;
  }
};

describe('a series that is too long', () => {
  it('is refused with the interval and the range that would fit', () => {
    expect(messageOf(() => requireFewIntervals({ range: rangeOf(24), interval: 'minute' }))).toBeUndefined();
    expect(messageOf(() => requireFewIntervals({ range: rangeOf(48), interval: 'minute' }))).toBe(
      'There are more than 2000 intervals of a minute in this range. Ask for interval=hour, or a range of at most 2000 minutes.',
    );
    expect(tooManyPoints({ range: rangeOf(240), interval: 'hour', groups: 1_500 }).message).toBe(
      'These are more than 20000 points of 1500 groups. Ask for interval=day, or a range of at most 12 hours, or one name instead of all.',
    );
  });

  it('is advised to nothing that would not fit either', () => {
    const error = tooManyPoints({ range: rangeOf(24 * 100), interval: 'day', groups: 30_000 });
    expect(error.errors).toEqual([{ field: 'interval', message: 'Ask for one name instead of all.' }]);
    const size = { hours: fc.integer({ min: 1, max: 9_600 }), groups: fc.integer({ min: 1, max: 25_000 }) };
    fc.assert(
      fc.property(fc.record(size), ({ hours, groups }) => {
        const { message } = tooManyPoints({ range: rangeOf(hours), interval: 'hour', groups });
        const range = Number(/at most (\d+) hours?/.exec(message)?.[1] ?? 0);
        expect((range + 1) * groups <= MAX_SERIES_POINTS || range === 0).toBe(true);
        if (message.includes('interval=day')) {
          expect((Math.ceil(hours / 24) + 1) * groups).toBeLessThanOrEqual(MAX_SERIES_POINTS);
        }
      }),
    );
  });
});
