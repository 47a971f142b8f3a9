import type { LatencyPercentiles } from '@penstock/contracts';
import { FIRST_TOKEN_BINS, KIND_BOUNDARY, LOWEST_BIN, latencyOfBin } from '../latency-bins.ts';

/** Percentiles of a group; null where no request had such a latency. */
export interface GroupPercentiles {
  readonly durationMs: LatencyPercentiles | null;
  readonly firstTokenMs: LatencyPercentiles | null;
}

/** How many requests had which latency: durations and times to the first token, by bin. */
export class LatencyHistogram {
  /** Counts from {@link LOWEST_BIN} on; bins without requests may be holes. */
  readonly #durations: number[] = [];
  readonly #firstTokens: number[] = [];

  /** Adds a row of `usage_latency`: `counts` stands beside `bins`. */
  add(bins: readonly number[], counts: readonly number[]): void {
    for (let index = 0; index < bins.length; index += 1) {
      const bin = bins[index] ?? 0;
      const isFirst = bin > KIND_BOUNDARY;
      const cells = isFirst ? this.#firstTokens : this.#durations;
      const cell = bin - LOWEST_BIN - (isFirst ? FIRST_TOKEN_BINS : 0);
      cells[cell] = (cells[cell] ?? 0) + (counts[index] ?? 0);
    }
  }

  percentiles(): GroupPercentiles {
    return { durationMs: percentilesOf(this.#durations), firstTokenMs: percentilesOf(this.#firstTokens) };
  }
}

/** A percentile lies in the lowest bin up to whose end there are that many of a hundred. */
function percentilesOf(cells: readonly (number | undefined)[]): LatencyPercentiles | null {
  let total = 0;
  for (let cell = 0; cell < cells.length; cell += 1) total += cells[cell] ?? 0;
  if (total === 0) return null;
  const lowest = (hundredths: number): number => {
    let [cell, rank] = [0, cells[0] ?? 0];
    while (rank * 100 < total * hundredths) {
      cell += 1;
      rank += cells[cell] ?? 0;
    }
    return latencyOfBin(cell + LOWEST_BIN);
  };
  return { p50: lowest(50), p90: lowest(90), p95: lowest(95), p99: lowest(99) };
}
