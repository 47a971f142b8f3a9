import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIRST_TOKEN_BINS, latencyBin, latencyOfBin } from '../latency-bins.ts';
import { LatencyHistogram } from './latency-histogram.ts';

const latency = fc.double({ min: 0, max: 1e7, noNaN: true });

describe('a histogram of latencies', () => {
  it('tells the bin of the exact percentile, however its rows come', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1 }), fc.array(latency), (durations, firstTokens) => {
        const histogram = new LatencyHistogram();
        for (const milliseconds of durations) histogram.add([latencyBin(milliseconds)], [1]);
        const bins = firstTokens.map((milliseconds) => latencyBin(milliseconds) + FIRST_TOKEN_BINS);
        histogram.add(
          bins,
          Array.from(bins, () => 1),
        );
        const { durationMs, firstTokenMs } = histogram.percentiles();
        for (const hundredths of [50, 90, 95, 99] as const) {
          expect(durationMs?.[`p${hundredths}`]).toBe(exact(durations, hundredths));
          expect(firstTokenMs?.[`p${hundredths}`]).toBe(
            firstTokens.length === 0 ? undefined : exact(firstTokens, hundredths),
          );
        }
      }),
    );
  });

  it('weighs a bin by its count', () => {
    const histogram = new LatencyHistogram();
    histogram.add([100, 50], [89, 10]);
    histogram.add([10], [1]);
    expect(histogram.percentiles().durationMs).toMatchObject({ p50: latencyOfBin(100), p90: latencyOfBin(100) });
    expect(histogram.percentiles().firstTokenMs).toBeNull();
  });
});

function exact(latencies: readonly number[], hundredths: number): number {
  const sorted = latencies.toSorted((one, other) => one - other);
  return latencyOfBin(latencyBin(sorted[Math.ceil((hundredths * sorted.length) / 100) - 1] ?? 0));
}
