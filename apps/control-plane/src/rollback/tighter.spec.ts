import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tighterQuotas, tighterRanges, tighterSelection } from './tighter.ts';

const names = fc.uniqueArray(fc.constantFrom('*', 'a', 'b', 'c'));
const universe = ['a', 'b', 'c'];
const admits = (selection: readonly string[]) =>
  universe.filter((name) => selection.includes('*') || selection.includes(name));

describe('what a rollback makes of a restriction', () => {
  it('is that of then or that of now, and never lets in what is kept out now', () => {
    fc.assert(
      fc.property(names, names, (then, now) => {
        const result = tighterSelection(then, now);
        expect([then, now]).toContain(result);
        expect(admits(now)).toEqual(expect.arrayContaining(admits(result)));
      }),
    );
  });

  it.each([
    { what: 'narrowed since', before: ['*'], now: ['a'], kept: ['a'] },
    { what: 'widened since', before: ['a'], now: ['*'], kept: ['a'] },
    { what: 'exchanged since', before: ['a'], now: ['b'], kept: ['b'] },
  ])('stays tight: a selection that was $what', ({ before, now, kept }) => {
    expect(tighterSelection(before, now)).toEqual(kept);
  });

  it.each([
    { before: [], now: ['10.0.0.0/8'], kept: ['10.0.0.0/8'] },
    { before: ['10.0.0.0/8'], now: [], kept: ['10.0.0.0/8'] },
    { before: ['10.0.0.0/8'], now: ['10.0.0.0/8', '192.0.2.1'], kept: ['10.0.0.0/8'] },
    { before: ['192.0.2.1'], now: ['10.0.0.0/8'], kept: ['10.0.0.0/8'] },
  ])('takes no range for every address: $before then, $now now', ({ before, now, kept }) => {
    expect(tighterRanges(before, now)).toEqual(kept);
  });

  it('never takes a quota off', () => {
    fc.assert(
      fc.property(names, names, (then, now) => {
        expect(tighterQuotas(then, now)).toEqual(expect.arrayContaining(now));
      }),
    );
    expect(tighterQuotas(['small', 'daily'], ['small'])).toEqual(['small', 'daily']);
  });
});
