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

const NOTHING: UsageSums = {
  requests: 0n,
  errors: 0n,
  inputTokens: 0n,
  outputTokens: 0n,
  cachedInputTokens: 0n,
  reasoningTokens: 0n,
  costMicroUsd: 0n,
  unknownCostRequests: 0n,
  durationMsSum: 0,
  durationCount: 0n,
  firstTokenMsSum: 0,
  firstTokenCount: 0n,
};

/** The sum of sums. */
export function addSums(items: readonly UsageSums[]): UsageSums {
  return items.reduce(
    (left, right) => ({
      requests: left.requests + right.requests,
      errors: left.errors + right.errors,
      inputTokens: left.inputTokens + right.inputTokens,
      outputTokens: left.outputTokens + right.outputTokens,
      cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
      reasoningTokens: left.reasoningTokens + right.reasoningTokens,
      costMicroUsd: left.costMicroUsd + right.costMicroUsd,
      unknownCostRequests: left.unknownCostRequests + right.unknownCostRequests,
      durationMsSum: left.durationMsSum + right.durationMsSum,
      durationCount: left.durationCount + right.durationCount,
      firstTokenMsSum: left.firstTokenMsSum + right.firstTokenMsSum,
      firstTokenCount: left.firstTokenCount + right.firstTokenCount,
    }),
    NOTHING,
  );
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
