import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rangeSpans } from './rollup-spans.ts';

const MINUTE_MS = 60_000;
const time = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 9) });
const widths = fc.constantFrom([1_440, 60, 15], [1_440, 15], [1_440], []);

describe('the spans of a range', () => {
  it('hold each instant of it once, and none of another', () => {
    fc.assert(
      fc.property(
        fc.tuple(time, time),
        time,
        fc.array(time, { maxLength: 8 }),
        widths,
        ([a, b], probe, borders, rows) => {
          fc.pre(a < b);
          const { rollups, events } = rangeSpans(
            { from: a, to: b },
            borders.toSorted((one, other) => one - other),
            rows,
          );
          const holds = [...rollups, ...events].filter(({ from, to }) => probe >= from && probe < to);
          expect(holds).toHaveLength(probe >= a && probe < b ? 1 : 0);
        },
      ),
    );
  });

  it('lie on whole rows, none of which holds a border', () => {
    fc.assert(
      fc.property(time, time, fc.array(time, { maxLength: 8 }), widths, (a, b, borders, rows) => {
        fc.pre(a < b);
        const { rollups } = rangeSpans(
          { from: a, to: b },
          borders.toSorted((one, other) => one - other),
          rows,
        );
        for (const { width, from, to } of rollups) {
          const widthMs = width * MINUTE_MS;
          expect([from % widthMs, to % widthMs, to > from]).toEqual([0, 0, true]);
          const cut = borders.filter((border) => border > from && border < to && border % widthMs !== 0);
          expect(cut).toEqual([]);
        }
      }),
    );
  });

  it('are few: a month of days in a zone that is a quarter off takes one span of hours and two of quarters a day', () => {
    const from = Date.UTC(2026, 0, 1, 18, 15);
    const borders = Array.from({ length: 30 }, (_, day) => from + day * 1_440 * MINUTE_MS);
    const range = { from, to: from + 30 * 1_440 * MINUTE_MS };
    const { rollups, events } = rangeSpans(range, borders, [1_440, 60, 15]);
    expect(events).toEqual([]);
    expect(rollups.filter(({ width }) => width === 60)).toHaveLength(30);
    expect(rollups.filter(({ width }) => width === 15)).toHaveLength(31);
  });
});
