import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { largestExcess, type Occurrence } from './span-excess.ts';

/** Tries every span. */
function plainLargestExcess(occurrences: readonly Occurrence[], perMs: number): number {
  const excesses = occurrences.flatMap(({ from }) =>
    occurrences
      .filter(({ to }) => to >= from)
      .map(({ to }) => {
        const within = occurrences.filter((other) => other.from >= from && other.to <= to);
        return within.reduce((sum, { weight }) => sum + weight, 0) - perMs * (to - from);
      }),
  );
  return Math.max(...excesses);
}

describe('the span of the largest excess', () => {
  it('is what trying every span finds', () => {
    const occurrence = fc
      .record({ from: fc.nat(50), lasts: fc.nat(20), weight: fc.nat(9) })
      .map(({ from, lasts, weight }) => ({ from, to: from + lasts, weight }));
    fc.assert(
      fc.property(
        fc.array(occurrence, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 4 }),
        (all, rate) => {
          expect(largestExcess(all, { perMs: rate })?.excess).toBeCloseTo(plainLargestExcess(all, rate), 6);
        },
      ),
    );
  });

  it('counts only what certainly lies within', () => {
    const late = { from: 0, to: 100, weight: 1 };
    const early = { from: 0, to: 10, weight: 1 };
    expect(largestExcess([early, late], { perMs: 0.1 })).toEqual({ from: 0, to: 10, excess: 0 });
  });

  it('is none of nothing', () => {
    expect(largestExcess([], { perMs: 1 })).toBeUndefined();
  });

  it('allows for what its ends tell', () => {
    const all = [{ from: 0, to: 1, weight: 10 }];
    const allowance = { perMs: 1, atStart: (time: number) => 2 + time, atEnd: (time: number) => 3 * time };
    expect(largestExcess(all, allowance)).toEqual({ from: 0, to: 1, excess: 10 - 1 - 2 - 3 });
  });
});
