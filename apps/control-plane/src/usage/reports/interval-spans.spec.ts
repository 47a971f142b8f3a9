import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { intervalSpans } from './interval-spans.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const anyTime = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 9) });
const quarter = anyTime.map((time) => time - (time % (15 * MINUTE_MS)));
const time = fc.oneof(anyTime, quarter);
const widths = fc.constantFrom([1_440, 60, 15], [1_440, 15], [1_440], []);
const cutRange = fc.record({
  bounds: fc.tuple(time, time).filter(([a, b]) => a < b),
  inner: fc.array(time, { maxLength: 8 }),
  widths,
});

/** As reports ask: the first interval begins at or before the range. */
function startsOf({ bounds, inner }: { bounds: readonly number[]; inner: readonly number[] }): number[] {
  const [from = 0] = bounds;
  return [from - 1, ...inner.filter((start) => start >= from)].toSorted((one, other) => one - other);
}

describe('the spans of the intervals of a range', () => {
  it('add up to 1 over each instant of an interval, and to 0 over any other', () => {
    fc.assert(
      fc.property(cutRange, time, (asked, probe) => {
        const [from, to] = asked.bounds;
        const starts = startsOf(asked);
        const { rollups, events } = intervalSpans({ from, to }, starts, asked.widths);
        const mine = starts.findLastIndex((start) => start <= probe);
        for (const interval of starts.keys()) {
          const signs = rollups
            .filter((span) => span.interval === interval && probe >= span.from && probe < span.to)
            .reduce((sum, { sign }) => sum + sign, 0);
          const single = events.filter((span) => probe >= span.from && probe < span.to).length;
          const inside = interval === mine && probe >= from && probe < to;
          expect(signs + (interval === mine ? single : 0)).toBe(inside ? 1 : 0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lie on whole rows, and events never outside of the range', () => {
    fc.assert(
      fc.property(cutRange, (asked) => {
        const [from, to] = asked.bounds;
        const { rollups, events } = intervalSpans({ from, to }, startsOf(asked), asked.widths);
        for (const span of rollups) {
          const widthMs = span.width * MINUTE_MS;
          expect([span.from % widthMs, span.to % widthMs, span.to > span.from]).toEqual([0, 0, true]);
        }
        for (const span of events) expect([span.from >= from, span.to <= to]).toEqual([true, true]);
      }),
    );
  });

  it('read a day of another zone from the UTC day and the hours between the two midnights', () => {
    const from = Date.UTC(2026, 0, 1, 18, 15);
    const starts = Array.from({ length: 30 }, (_, day) => from + day * DAY_MS);
    const { rollups, events } = intervalSpans({ from, to: from + 30 * DAY_MS }, starts, [1_440, 60, 15]);
    const rows = (width: number) =>
      rollups
        .filter((span) => span.width === width)
        .reduce((sum, span) => sum + (span.to - span.from) / (width * MINUTE_MS), 0);
    expect(events).toEqual([]);
    // Of each day 5 hours and 45 minutes (6 hours without a quarter) before midnight and as much after its own end.
    expect([rows(1_440), rows(60), rows(15)]).toEqual([30, 30 * 12, 30 * 2]);
  });

  it('are the whole range where nothing begins in it', () => {
    const range = { from: Date.UTC(2026, 0, 1, 7), to: Date.UTC(2026, 0, 3, 7) };
    const { rollups } = intervalSpans(range, [], [1_440, 60]);
    expect(rollups.every(({ interval }) => interval === 0)).toBe(true);
    expect(rollups.filter(({ width }) => width === 1_440)).toMatchObject([
      { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 3), sign: 1 },
    ]);
  });
});
