import { type LimitUnit, MAX_LIMIT_AMOUNT, type TokenUsage } from '@penstock/contracts';
import type { ApplicableLimit, LimitCharge } from '../rate-limiter.ts';

/** A limit, ready to be charged. */
export interface ChargedLimit {
  readonly applicable: ApplicableLimit;
  readonly unit: LimitUnit;
  /** The most that can be taken at once. */
  readonly largestCharge: number;
  /** Holds the most that a request can use, and not what it will probably use. */
  readonly hard: boolean;
}

/** What a request will probably use, can use at most, or has used. */
export interface Consumption {
  readonly usage: Pick<TokenUsage, 'inputTokens' | 'outputTokens'>;
  /** Null: the price is unknown. */
  readonly costMicroUsd: number | null;
}

/** More than any limit can give, and still a whole number that Redis' Lua holds exactly. */
const BEYOND_ANY_LIMIT = MAX_LIMIT_AMOUNT + 1;

/**
 * What a request takes from each limit before it runs. Of a hard one the most that it can use (`most`, null where none of the
 * limits is hard), which may be more than the limit can ever give; of a soft one what it will probably use, and never more than
 * the limit can give at once, or it could never run.
 */
export function estimateCharges(
  limits: readonly ChargedLimit[],
  probable: Consumption,
  most: Consumption | null,
): readonly LimitCharge[] {
  return limits.map(({ applicable, unit, largestCharge, hard }) => ({
    applicable,
    amount:
      hard && most
        ? Math.min(amountOf(unit, most), BEYOND_ANY_LIMIT)
        : Math.min(amountOf(unit, probable), largestCharge),
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
