import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TouchedSubjectsLog } from './touched-subjects.ts';

const nothing = { teamId: null, virtualKeyId: null, proxyId: null, providerId: null };

describe('what usage has touched', () => {
  it('is told in two rounds and then forgotten', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(fc.array(id)), (rounds) => {
        const log = new TouchedSubjectsLog();
        for (const [index, ids] of rounds.entries()) {
          log.note(ids.map((virtualKeyId) => ({ ...nothing, virtualKeyId })));
          const expected = new Set([...ids, ...(rounds[index - 1] ?? [])]);
          const taken = log.take();
          expect(taken === 'everything' ? taken : (taken?.keys ?? new Set())).toEqual(expected);
        }
      }),
    );
  });

  it('is everything when it is too much to remember', () => {
    const log = new TouchedSubjectsLog();
    for (let index = 0; index < 5_000; index += 1) log.note([{ ...nothing, teamId: `${index}` }]);
    expect(log.take()).toBe('everything');
  });
});
