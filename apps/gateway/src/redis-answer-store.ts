import { redisNames } from '@penstock/contracts';
import { limiterRedisOptions } from '@penstock/rate-limiting';
import { Redis } from 'ioredis';
import type { AnswerStore } from './policies/response-cache/answer-store.ts';

/** Longest wait of a request; a model takes far longer, so that a hit still pays. */
const DEADLINE_MS = 50;
/** What may be on its way to Redis: more is not kept. */
const MAX_PENDING_CHARS = 32 * 1024 * 1024;

/** Keeps answers in Redis, on a connection of its own: large answers must not hold up limits. */
export class RedisAnswerStore implements AnswerStore {
  readonly #redis: Redis;
  readonly #onFault: (error: unknown) => void;
  #pendingChars = 0;

  constructor(redisUrl: string, onFault: (error: unknown) => void) {
    this.#redis = new Redis(redisUrl, { ...limiterRedisOptions, lazyConnect: true });
    this.#onFault = onFault;
    this.#redis.on('error', onFault);
  }

  open(): void {
    if (this.#redis.status === 'wait') this.#redis.connect().catch(this.#onFault);
  }

  async get(key: string): Promise<string | null> {
    if (this.#redis.status !== 'ready') return null;
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), DEADLINE_MS);
    const reading = this.#redis.get(redisNames.cachedAnswer(key)).catch((error: unknown) => {
      this.#onFault(error);
      return null;
    });
    try {
      return await Promise.race([reading, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  set(key: string, answer: string, ttlSeconds: number): void {
    if (this.#redis.status !== 'ready' || this.#pendingChars + answer.length > MAX_PENDING_CHARS) return;
    this.#pendingChars += answer.length;
    this.#redis
      .set(redisNames.cachedAnswer(key), answer, 'EX', ttlSeconds)
      .catch(this.#onFault)
      .finally(() => (this.#pendingChars -= answer.length));
  }

  close(): void {
    this.#redis.disconnect();
  }
}
