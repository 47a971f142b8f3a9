import { redisNames } from '@penstock/contracts';
import { limiterRedisOptions } from '@penstock/rate-limiting';
import { Redis } from 'ioredis';
import { entryBytes, readEntry, writeEntry } from './policies/semantic-cache/kept-entry.ts';
import type { KeptVector, SimilarAnswerStore } from './policies/semantic-cache/similar-answer-store.ts';

/** Longest wait of a request for each question; the embedding took far longer. */
const DEADLINE_MS = 100;
/** What may be on its way from Redis at once: more is not looked for. */
const MAX_READING_BYTES = 64 * 1024 * 1024;
/** What may be on its way to Redis: more is not kept. */
const MAX_PENDING_CHARS = 32 * 1024 * 1024;

/**
 * Keeps answers by vectors in any Redis: a list of the newest vectors for each scope, and each answer under a name of its own. They
 * are on a connection of their own, since vectors are large. All of it expires.
 */
export class RedisSimilarAnswers implements SimilarAnswerStore {
  readonly #redis: Redis;
  readonly #onFault: (error: unknown) => void;
  readonly #now: () => number;
  #readingBytes = 0;
  #pendingChars = 0;

  /** `now`: epoch ms. */
  constructor(redisUrl: string, onFault: (error: unknown) => void, now: () => number = Date.now) {
    this.#redis = new Redis(redisUrl, { ...limiterRedisOptions, lazyConnect: true });
    this.#onFault = onFault;
    this.#now = now;
    this.#redis.on('error', onFault);
  }

  open(): void {
    if (this.#redis.status === 'wait') this.#redis.connect().catch(this.#onFault);
  }

  async vectors(
    scope: string,
    { most, dimensions }: { readonly most: number; readonly dimensions: number },
  ): Promise<readonly KeptVector[] | null> {
    const bytes = most * entryBytes(dimensions);
    if (this.#redis.status !== 'ready' || this.#readingBytes + bytes > MAX_READING_BYTES) return null;
    this.#readingBytes += bytes;
    const reading = this.#redis
      .lrangeBuffer(redisNames.similarVectors(scope), 0, most - 1)
      .finally(() => (this.#readingBytes -= bytes));
    const entries = await this.#inTime(reading);
    const now = this.#now();
    return entries?.flatMap((entry) => readEntry(entry, { dimensions, now }) ?? []) ?? null;
  }

  async answer(scope: string, id: string): Promise<string | null | undefined> {
    if (this.#redis.status !== 'ready') return undefined;
    return this.#inTime(this.#redis.get(redisNames.similarAnswer(scope, id)));
  }

  keep(
    scope: string,
    { vector, answer }: { readonly vector: Float32Array; readonly answer: string },
    { ttlSeconds, most }: { readonly ttlSeconds: number; readonly most: number },
  ): void {
    if (this.#redis.status !== 'ready' || this.#pendingChars + answer.length > MAX_PENDING_CHARS) return;
    this.#pendingChars += answer.length;
    const { id, bytes } = writeEntry(vector, this.#now() + ttlSeconds * 1000);
    const list = redisNames.similarVectors(scope);
    this.#redis
      .multi()
      .set(redisNames.similarAnswer(scope, id), answer, 'EX', ttlSeconds)
      .lpush(list, bytes)
      .ltrim(list, 0, most - 1)
      .expire(list, ttlSeconds)
      .exec()
      .catch(this.#onFault)
      .finally(() => (this.#pendingChars -= answer.length));
  }

  close(): void {
    this.#redis.disconnect();
  }

  /** Undefined: it failed, or took too long. */
  async #inTime<Value>(asked: Promise<Value>): Promise<Value | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), DEADLINE_MS);
    const answered = asked.catch((error: unknown) => {
      this.#onFault(error);
      return undefined;
    });
    try {
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
