import type { LimitUnit, TokenUsage } from '@penstock/contracts';
import type { LimitCharge } from '@penstock/rate-limiting';
import type { CompiledLimit } from '../config/compiled-config.ts';

/** What a request will probably use, or has used. */
export interface Consumption {
  readonly usage: Pick<TokenUsage, 'inputTokens' | 'outputTokens'>;
  /** Null: the price is unknown. */
  readonly costMicroUsd: number | null;
}

/** What a request takes from each limit before it runs; never more than the limit can give at once, or it could never run. */
export function estimateCharges(limits: readonly CompiledLimit[], expected: Consumption): readonly LimitCharge[] {
  return limits.map(({ applicable, unit, largestCharge }) => ({
    applicable,
    amount: Math.min(amountOf(unit, expected), largestCharge),
  }));
}

/** What of a consumption counts for a unit: a whole number. */
export function amountOf(unit: LimitUnit, { usage, costMicroUsd }: Consumption): number {
  switch (unit) {
    case 'requests':
    case 'concurrency':
      return 1;
    case 'tokens':
      return usage.inputTokens + usage.outputTokens;
    case 'input-tokens':
      return usage.inputTokens;
    case 'output-tokens':
      return usage.outputTokens;
    case 'cost':
      return costMicroUsd ?? 0;
  }
}
