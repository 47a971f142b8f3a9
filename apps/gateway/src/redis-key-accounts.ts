import { KeyUsage, redisNames } from '@penstock/contracts';
import { type ApplicableLimit, type LimitReading, readLimitStatuses } from '@penstock/rate-limiting';
import type { Redis } from 'ioredis';
import type { KeyAccounts } from './endpoints/key-accounts.ts';

const DEADLINE_MS = 2000;

/** Reads what limits and the worker keep in Redis. */
export class RedisKeyAccounts implements KeyAccounts {
  readonly #redis: Redis;

  /** `redis`: refuses at once while it is not connected. */
  constructor(redis: Redis) {
    this.#redis = redis;
  }

  readLimits(limits: readonly ApplicableLimit[]): Promise<readonly LimitReading[]> {
    return withDeadline(readLimitStatuses(this.#redis, limits));
  }

  async readUsage(keyId: string): Promise<KeyUsage | null> {
    const stored = await withDeadline(this.#redis.get(redisNames.keyUsage(keyId)));
    return stored === null ? null : KeyUsage.parse(JSON.parse(stored));
  }
}

async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer from Redis within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
