import { GatewayError } from '@penstock/contracts';

/** Readings of one key that are answered at once, and in each second after. */
const PER_SECOND = 5;
/** Keys that are remembered; one that is forgotten begins anew. */
const MAX_KEYS = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/** Keeps callers from asking Redis for their limits and usage all the time: five times a second for each key. */
export class KeyThrottle {
  readonly #buckets = new Map<string, Bucket>();

  /** `now` in milliseconds on the monotonic clock. Throws GatewayError. */
  take(keyId: string, now: number): void {
    const bucket = this.#bucketOf(keyId, now);
    bucket.left = Math.min(PER_SECOND, bucket.left + ((now - bucket.at) / 1000) * PER_SECOND);
    bucket.at = now;
    if (bucket.left < 1) {
      throw new GatewayError('rate_limit_exceeded', `A key may ask for this ${PER_SECOND} times a second.`, {
        retryAfterMs: 1000,
      });
    }
    bucket.left -= 1;
  }

  #bucketOf(keyId: string, now: number): Bucket {
    const known = this.#buckets.get(keyId);
    if (known) return known;
    if (this.#buckets.size >= MAX_KEYS) this.#buckets.clear();
    const bucket = { left: PER_SECOND, at: now };
    this.#buckets.set(keyId, bucket);
    return bucket;
  }
}
