import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reachedThreshold } from './reached-threshold.ts';

describe('the reached threshold', () => {
  it('is reached exactly at its share, and is the highest one', () => {
    expect(reachedThreshold([50, 100], 49, 100)).toBeUndefined();
    expect(reachedThreshold([50, 100], 50, 100)).toBe(50);
    expect(reachedThreshold([100, 50], 250, 100)).toBe(100);
    expect(reachedThreshold([33], 3, 10)).toBeUndefined();
    expect(reachedThreshold([33], 4, 10)).toBe(33);
    expect(reachedThreshold([], 4, 10)).toBeUndefined();
  });

  it('is exact for the largest amounts', () => {
    const max = 9_000_000_000_000;
    fc.assert(
      fc.property(fc.integer({ min: 0, max }), fc.integer({ min: 1, max: 100 }), (spent, percent) => {
        const reached = BigInt(spent) * 100n >= BigInt(percent) * BigInt(max);
        expect(reachedThreshold([percent], spent, max)).toBe(reached ? percent : undefined);
      }),
    );
  });
});
