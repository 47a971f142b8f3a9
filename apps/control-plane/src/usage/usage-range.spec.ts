import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rolledUpPart, ROLLUP_MS, usageRange } from './usage-range.ts';

describe('a range of usage', () => {
  it('is the last day unless told otherwise', () => {
    expect(usageRange({}, Date.UTC(2026, 0, 2))).toEqual({
      from: new Date('2026-01-01T00:00:00Z'),
      to: new Date('2026-01-02T00:00:00Z'),
    });
  });

  it('is cut into whole quarters of an hour and edges that overlap nowhere and leave nothing out', () => {
    const time = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 3) });
    fc.assert(
      fc.property(time, time, time, (a, b, probe) => {
        fc.pre(a < b);
        const range = { from: new Date(a), to: new Date(b) };
        const { start, end } = rolledUpPart(range);
        const quarter = Math.floor(probe / ROLLUP_MS) * ROLLUP_MS;
        const rolledUp = quarter >= start.getTime() && quarter < end.getTime();
        const atEdge = (probe >= a && probe < start.getTime()) || (probe >= end.getTime() && probe < b);
        expect(Number(rolledUp) + Number(atEdge)).toBe(probe >= a && probe < b ? 1 : 0);
      }),
    );
  });
});
