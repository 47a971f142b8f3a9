import { once } from 'node:events';
import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { CONFORMANCE_LEASE_MS, describeRateLimiter } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

const redis = new Redis(process.env.REDIS_URL ?? '', limiterRedisOptions);
beforeAll(() => once(redis, 'ready'));
afterAll(() => redis.disconnect());

describeRateLimiter('RedisRateLimiter', () => {
  const clock = { now: () => Date.now() };
  const limiter = new RedisRateLimiter({
    redis,
    clock,
    fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
    instances: () => 1,
    // A busy test machine must not turn to the fallback.
    deadlineMs: 5_000,
    leaseMs: CONFORMANCE_LEASE_MS,
    // They change what is left at a time of their own.
    pledges: false,
    onError: (error) => {
      throw error;
    },
  });
  return {
    limiter,
    // Redis' own clock decides, so the test has to wait for it.
    advance: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    close: () => limiter.close(),
  };
});
