import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rendezvous, type RendezvousPlace } from './rendezvous.ts';

const place = fc.record({ weight: fc.integer({ min: 0, max: 10 }), priority: fc.integer({ min: 0, max: 2 }) });
const places = fc
  .array(place, { minLength: 2, maxLength: 6 })
  .map((each) => each.map((one, index): RendezvousPlace => ({ ...one, key: `place-${index}` })));
const sessions = Array.from({ length: 200 }, (_, index) => `session-${index}`);
const firstOf = (session: string, all: readonly RendezvousPlace[]) => rendezvous(session, all)[0]?.key;

describe('session-affinity by rendezvous hashing', () => {
  it('moves only the sessions of a target that goes', () => {
    fc.assert(
      fc.property(places, fc.nat(), (all, gone) => {
        const left = all.filter((_, index) => index !== gone % all.length);
        const key = all[gone % all.length]?.key;
        for (const session of sessions) {
          const before = firstOf(session, all);
          if (before !== key) expect(firstOf(session, left)).toBe(before);
          // Those that move go where they would have gone next.
          else expect(firstOf(session, left)).toBe(rendezvous(session, all)[1]?.key);
        }
      }),
    );
  });

  it('does not depend on the order in which targets stand', () => {
    fc.assert(
      fc.property(places, (all) => {
        const keys = (list: readonly RendezvousPlace[]) => rendezvous('session', list).map(({ key }) => key);
        expect(keys(all.toReversed())).toEqual(keys(all));
      }),
    );
  });

  it('tries a lower priority first, and a weight of 0 last in its priority', () => {
    fc.assert(
      fc.property(places, fc.string(), (all, session) => {
        const order = rendezvous(session, all).map(({ priority, weight }) => [priority, weight === 0 ? 1 : 0]);
        const sorted = order.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
        expect(order).toEqual(sorted);
      }),
    );
  });

  it('gives each target the share of sessions that its weight says', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(weights, fc.string({ minLength: 1 }), (each, seed) => {
        const all = each.map((weight, index) => ({ weight, priority: 0, key: `place-${index}` }));
        const total = each.reduce((sum, weight) => sum + weight, 0);
        const firsts = Array.from({ length: 2_000 }, (_, index) => firstOf(`${seed}-${index}`, all));
        for (const { key, weight } of all) {
          const share = firsts.filter((first) => first === key).length / firsts.length;
          // Six standard deviations of 2,000 draws at most.
          expect(Math.abs(share - weight / total)).toBeLessThan(0.067);
        }
      }),
      { numRuns: 20 },
    );
  });
});
