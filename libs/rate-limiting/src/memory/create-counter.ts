import type { Limit } from '@penstock/contracts';
import { limitKind, rateWindow } from '../limit-kind.ts';
import type { ApplicableLimit } from '../rate-limiter.ts';
import { ConcurrencyCounter } from './concurrency-counter.ts';
import type { Counter, Terms } from './counter.ts';
import { LedgerCounter } from './ledger-counter.ts';
import { RateCounter } from './rate-counter.ts';

/** A new counter of the kind that the limit needs. */
export function createCounter(limit: Limit): Counter {
  const kind = limitKind(limit);
  if (kind === 'concurrency') return new ConcurrencyCounter();
  return kind === 'rate' ? new RateCounter(rateWindow(limit)) : new LedgerCounter();
}

/**
 * This process' share of a limit, 0 < share ≤ 1. At least one unit is left, and concurrency is rounded up, so that no caller
 * is shut out wholly; with N processes the sum may exceed the limit by N − 1.
 */
export function termsOf({ limit, timeZone = 'UTC' }: ApplicableLimit, share: number): Terms {
  const part = (amount: number): number =>
    Math.max(1, limit.unit === 'concurrency' ? Math.ceil(amount * share) : Math.floor(amount * share));
  return {
    limit,
    timeZone,
    // The drain of a rate is not rounded: a third of 10 per minute is 3.33 per minute.
    max: limitKind(limit) === 'rate' ? limit.max * share : part(limit.max),
    burst: part(limit.burst ?? limit.max),
    shadow: limit.mode === 'shadow',
  };
}
