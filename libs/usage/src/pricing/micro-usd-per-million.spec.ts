import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { microUsdPerMillion } from './micro-usd-per-million.ts';

describe('USD for a token as micro-USD for a million', () => {
  it.each([
    [0.000003, 3_000_000],
    [1.5e-7, 150_000],
    [3e-7, 300_000],
    // In binary floating point: 28 000 000.000000004, 74 999.99999999999 and 1 100 000.0000000002.
    [2.8e-5, 28_000_000],
    [7.5e-8, 75_000],
    [1.1e-6, 1_100_000],
    [0, 0],
    [1, 1_000_000_000_000],
    ['0.00000125', 1_250_000],
    ['1.25E-06', 1_250_000],
    [5e-13, 1],
    [4.9e-13, 0],
    [1.5e-12, 2],
    [2.5e-12, 3],
    [1e-300, undefined],
    [1e30, undefined],
    [-1e-6, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['', undefined],
    ['1e', undefined],
    ['0x1', undefined],
    ['1_0', undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
  ])('%j is %j', (usd, expected) => expect(microUsdPerMillion(usd)).toBe(expected));

  it('gives back every whole price that is written in USD for a token', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (micro) => {
        expect(microUsdPerMillion(`${micro}e-12`)).toBe(micro);
        expect(microUsdPerMillion(Number(`${micro}e-12`))).toBe(micro);
      }),
      { numRuns: 2_000 },
    );
  });
});
