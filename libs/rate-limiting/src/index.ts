export { boundRequest } from './charging/bound-request.ts';
export { amountOf, type ChargedLimit, type Consumption, estimateCharges } from './charging/estimate-charges.ts';
export { type Denial, deniersOf, type LeastUse, limitRefusal } from './charging/limit-refusal.ts';
export { capCharges, lowerHold, type LowerHold } from './charging/lower-hold.ts';
export type { OutputBounds } from './charging/output-bound.ts';
export { type PricedCandidate, priceOf } from './charging/priced-candidate.ts';
export { probableUsage } from './charging/probable-usage.ts';
export { routeWhenExceeded } from './charging/route-when-exceeded.ts';
export type { SentRequest } from './charging/sent-request.ts';
export { OUTPUT_UNITS, shrinkOutput } from './charging/shrink-output.ts';
export type { UpperBound } from './charging/upper-bound.ts';
export { isGuardedBudget } from './charge-plan.ts';
export type { Clock } from './clock.ts';
export { beginLedgerReseed, finishLedgerReseed, ledgersSeeded, markLedgersSeeded } from './ledgers-seeded.ts';
export { limiterRedisOptions } from './limiter-redis-options.ts';
export { limitKind, type LimitKind } from './limit-kind.ts';
export { CALLER_KEYED, MemoryRateLimiter, type MemoryRateLimiterOptions } from './memory-rate-limiter.ts';
export { type LedgerRaise, raiseLedgers } from './raise-ledgers.ts';
export type {
  ApplicableLimit,
  LimitCharge,
  LimitDecision,
  LimitStatus,
  RateLimiter,
  Reservation,
} from './rate-limiter.ts';
export { type LedgerReading, readLedgers } from './read-ledgers.ts';
export { type LimitReading, readLimitStatuses } from './read-limit-statuses.ts';
export { RedisRateLimiter, type RedisRateLimiterOptions } from './redis-rate-limiter.ts';
export { resetsAtMs } from './resets-at.ts';
export { type LimitWindowSpan, windowAt } from './window-at.ts';
