import type { RedisOptions } from 'ioredis';

/**
 * How the limiter's connection should be made: nothing is queued while it is down and nothing is sent twice after it was cut,
 * since either would take charges for requests that are long over. Reconnects after 50 ms to 5 s, spread at random.
 */
export const limiterRedisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  // A connection that is silent for so long while an answer is awaited is replaced: it may have died without a sign.
  socketTimeout: 4_000,
  // The driver waits so long for the end of a connection even if there is none any more.
  disconnectTimeout: 500,
  retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 5_000) * (0.5 + Math.random() / 2),
} as const satisfies RedisOptions;
