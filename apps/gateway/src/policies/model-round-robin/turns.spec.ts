import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Suspensions } from './suspensions.ts';
import { Turns } from './turns.ts';

describe('taking turns', () => {
  it('C model-weighted-round-robin: gives each exactly its weight in every round', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 4 }), (each, rounds) => {
        const turns = new Turns(each.map((weight) => ({ weight })));
        const counts = each.map(() => 0);
        const total = each.reduce((sum, weight) => sum + weight, 0);
        for (let turn = 0; turn < total * rounds; turn += 1) {
          const index = turns.next(() => true);
          counts[index] = (counts[index] ?? 0) + 1;
        }
        expect(counts).toEqual(each.map((weight) => weight * rounds));
      }),
    );
  });

  it('C model-round-robin: passes over those that may not, and tells when none may', () => {
    const turns = new Turns([{ weight: 1 }, { weight: 1 }, { weight: 1 }]);
    expect([1, 2, 3, 4].map(() => turns.next((index) => index !== 1))).toEqual([0, 2, 0, 2]);
    expect(turns.next(() => false)).toBe(-1);
  });
});

describe('suspensions', () => {
  it('C model-round-robin: leave out what failed for their time, and nothing when it is 0', () => {
    const suspensions = new Suspensions(30_000);
    suspensions.suspend('a', 1_000);
    expect(suspensions.isSuspended('a', 30_999)).toBe(true);
    expect(suspensions.isSuspended('a', 31_000)).toBe(false);
    expect(suspensions.isSuspended('b', 1_000)).toBe(false);
    const none = new Suspensions(0);
    none.suspend('a', 1_000);
    expect(none.isSuspended('a', 1_000)).toBe(false);
  });
});
