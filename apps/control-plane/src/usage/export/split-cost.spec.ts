import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitCost } from './split-cost.ts';

describe('a cost that is split', () => {
  it('adds up to the cost to the micro-USD, and no part is negative', () => {
    const part = fc.record({ tokens: fc.integer({ min: 0, max: 10 ** 12 }), weight: fc.constantFrom(0.1, 1, 1.25, 5) });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 13 }),
        fc.array(part, { minLength: 1, maxLength: 9 }),
        (cost, parts) => {
          const costs = splitCost(cost, parts);
          expect(costs.reduce((sum, one) => sum + one, 0)).toBe(cost);
          expect(costs.every((one) => one >= 0 && Number.isSafeInteger(one))).toBe(true);
        },
      ),
    );
  });

  it('goes by tokens and weights', () => {
    const parts = [
      { tokens: 100, weight: 1 },
      { tokens: 20, weight: 5 },
    ];
    expect(splitCost(7, parts)).toEqual([4, 3]);
    expect(splitCost(1_000, parts)).toEqual([500, 500]);
  });
});
