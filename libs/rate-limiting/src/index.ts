export type { Clock } from './clock.ts';
export { ledgersSeeded, markLedgersSeeded } from './ledgers-seeded.ts';
export { limiterRedisOptions } from './limiter-redis-options.ts';
export { limitKind, type LimitKind } from './limit-kind.ts';
export { MemoryRateLimiter, type MemoryRateLimiterOptions } from './memory-rate-limiter.ts';
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
export { type LimitWindowSpan, windowAt } from './window-at.ts';
