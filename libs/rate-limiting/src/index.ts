export type { Clock } from './clock.ts';
export { limiterRedisOptions } from './limiter-redis-options.ts';
export { limitKind, type LimitKind } from './limit-kind.ts';
export { MemoryRateLimiter, type MemoryRateLimiterOptions } from './memory-rate-limiter.ts';
export type {
  ApplicableLimit,
  LimitCharge,
  LimitDecision,
  LimitStatus,
  RateLimiter,
  Reservation,
} from './rate-limiter.ts';
export { type LimitReading, readLimitStatuses } from './read-limit-statuses.ts';
export { RedisRateLimiter, type RedisRateLimiterOptions } from './redis-rate-limiter.ts';
