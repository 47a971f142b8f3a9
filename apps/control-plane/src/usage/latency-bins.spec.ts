import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latencyBin, latencyOfBin } from './latency-bins.ts';

describe('a bin of latencies', () => {
  it('stands for each latency in it with an error of at most 2.6 %', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 86_400_000, noNaN: true }), (milliseconds) => {
        const shown = latencyOfBin(latencyBin(milliseconds));
        expect(Math.abs(shown / milliseconds - 1)).toBeLessThan(0.026);
      }),
    );
  });

  it('keeps the order of latencies', () => {
    const latency = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(latency, latency, (one, other) => {
        fc.pre(one <= other);
        expect(latencyBin(one)).toBeLessThanOrEqual(latencyBin(other));
      }),
    );
  });
});
