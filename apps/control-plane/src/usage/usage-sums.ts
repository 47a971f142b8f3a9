import type { UsageTotals } from '@penstock/contracts';

/** Sums as the database gives them: bigints, and decimals for durations. */
export interface UsageSums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cachedInputTokens: bigint;
  readonly reasoningTokens: bigint;
  readonly costMicroUsd: bigint;
  readonly unknownCostRequests: bigint;
  readonly durationMsSum: number;
  readonly durationCount: bigint;
  readonly firstTokenMsSum: number;
  readonly firstTokenCount: bigint;
}

/** Sums as a report shows them. */
export function toTotals(sums: UsageSums): UsageTotals {
  return {
    requests: Number(sums.requests),
    errors: Number(sums.errors),
    inputTokens: Number(sums.inputTokens),
    outputTokens: Number(sums.outputTokens),
    cachedInputTokens: Number(sums.cachedInputTokens),
    reasoningTokens: Number(sums.reasoningTokens),
    costMicroUsd: Number(sums.costMicroUsd),
    unknownCostRequests: Number(sums.unknownCostRequests),
    averageDurationMs: average(sums.durationMsSum, sums.durationCount),
    averageFirstTokenMs: average(sums.firstTokenMsSum, sums.firstTokenCount),
  };
}

function average(sum: number, count: bigint): number | null {
  return count === 0n ? null : Math.round((sum / Number(count)) * 1000) / 1000;
}
