import { Redis, type RedisOptions } from 'ioredis';

/** A URL such as `redis://host:6379`, or the driver's options; names in Redis are the contract's, without a prefix. */
export type RedisConnection = string | Omit<RedisOptions, 'protocol' | 'replyMapping' | 'keyPrefix'>;

const MAX_RETRY_DELAY_MS = 5_000;

/** May be overridden by the options that are given. */
const TIMEOUTS = {
  connectTimeout: 2_000,
  commandTimeout: 5_000,
  // A connection that is silent for this long while an answer is awaited is replaced: it may have died without a sign.
  socketTimeout: 4_000,
  // The driver waits this long for the end of a connection even if there is none any more.
  disconnectTimeout: 500,
};

/**
 * A connection that comes back by itself and never makes a caller wait for it: while Redis is away commands fail at once, and
 * an answer is awaited for 5 s at most. Reconnects back off to 5 s with jitter, so that a fleet does not return in one instant.
 * It connects on `connect()`, and needs a listener for `error`. `jitter` gives numbers from 0 to 1.
 */
export function createRedisConnection(connection: RedisConnection, jitter: () => number = Math.random): Redis {
  const always = {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: (attempt: number) => retryDelayMs(attempt, jitter),
  } satisfies RedisOptions;
  return typeof connection === 'string'
    ? new Redis(connection, { ...TIMEOUTS, ...always })
    : new Redis({ ...TIMEOUTS, ...connection, ...always });
}

function retryDelayMs(attempt: number, jitter: () => number): number {
  const longest = Math.min(MAX_RETRY_DELAY_MS, 50 * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.5 + jitter() / 2));
}
