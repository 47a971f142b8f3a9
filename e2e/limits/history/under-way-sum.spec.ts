import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UnderWaySum } from './under-way-sum.ts';

describe('the sum of what is under way', () => {
  it('is that of all that has begun and is not over', () => {
    const item = fc
      .record({ from: fc.nat(20), lasts: fc.nat(10), weight: fc.nat(9) })
      .map(({ from, lasts, weight }) => ({ from, until: from + lasts, weight }));
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), fc.integer({ min: -1, max: 32 }), (items, time) => {
        const expected = items.filter(({ from, until }) => from <= time && until >= time);
        expect(new UnderWaySum(items).at(time)).toBe(expected.reduce((sum, { weight }) => sum + weight, 0));
      }),
    );
  });
});
