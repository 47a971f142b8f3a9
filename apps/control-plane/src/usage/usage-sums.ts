import type { UsageTotals } from '@penstock/contracts';

/** Sums as the database gives them; durations in microseconds. */
export interface UsageSums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cachedInputTokens: bigint;
  readonly cacheWriteTokens: bigint;
  readonly reasoningTokens: bigint;
  readonly costMicroUsd: bigint;
  readonly unknownCostRequests: bigint;
  readonly estimatedRequests: bigint;
  readonly durationUsSum: bigint;
  readonly durationCount: bigint;
  readonly firstTokenUsSum: bigint;
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
    cacheWriteTokens: Number(sums.cacheWriteTokens),
    reasoningTokens: Number(sums.reasoningTokens),
    costMicroUsd: Number(sums.costMicroUsd),
    unknownCostRequests: Number(sums.unknownCostRequests),
    estimatedRequests: Number(sums.estimatedRequests),
    averageDurationMs: averageMs(sums.durationUsSum, sums.durationCount),
    averageFirstTokenMs: averageMs(sums.firstTokenUsSum, sums.firstTokenCount),
  };
}

function averageMs(sumUs: bigint, count: bigint): number | null {
  return count === 0n ? null : Math.round(Number(sumUs) / Number(count)) / 1000;
}
