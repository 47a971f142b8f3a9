import { MAX_LIMIT_AMOUNT } from '@penstock/contracts';
import type { LimitCharge } from './rate-limiter.ts';

/**
 * What a charge finally pays: a whole number from 0 to {@link MAX_LIMIT_AMOUNT}. A number that cannot be used (negative, not
 * finite) keeps the estimate, since nonsense from an upstream must neither give credit nor fail a request that is over.
 */
export function settledAmount(charge: LimitCharge, actual: (charge: LimitCharge) => number): number {
  const amount = Math.ceil(actual(charge));
  return Number.isFinite(amount) && amount >= 0 ? Math.min(amount, MAX_LIMIT_AMOUNT) : charge.amount;
}
