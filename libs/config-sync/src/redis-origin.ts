import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { SnapshotRefusedError } from './open-envelope.ts';
import { ENVELOPE_HEAD_BYTES, MAX_SNAPSHOT_BYTES, versionOfBytes, versionOfHead } from './seal-snapshot.ts';
import type { FoundEnvelope, KnownSnapshots, OriginAnswer, SnapshotOrigin } from './snapshot-origin.ts';

/** Fetches an envelope of so many bytes, null when it is gone by then; undefined: it is not for this one to fetch. */
export type FetchAside = (length: number) => Promise<FoundEnvelope | null> | undefined;

/** Reads the snapshot from Redis. Only its first bytes are read while there is nothing new. */
export class RedisOrigin implements SnapshotOrigin {
  readonly name = 'redis';
  readonly #redis: Redis;
  readonly #fetchAside: FetchAside;

  /** `fetchAside`: fetches where it is better done elsewhere. */
  constructor(redis: Redis, fetchAside: FetchAside = () => undefined) {
    this.#redis = redis;
    this.#fetchAside = fetchAside;
  }

  async look(known: KnownSnapshots): Promise<OriginAnswer> {
    if (this.#redis.status !== 'ready') throw new Error(`Redis is not connected (${this.#redis.status})`);
    const [head, length] = await Promise.all([
      this.#redis.getrange(redisNames.snapshot, 0, ENVELOPE_HEAD_BYTES - 1),
      this.#redis.strlen(redisNames.snapshot),
    ]);
    if (head === '') return { state: 'absent' };
    const version = versionOfHead(head);
    const standing = version ? known.standing(version) : 'new';
    if (standing !== 'new') return { state: standing };
    if (length > MAX_SNAPSHOT_BYTES) {
      throw new SnapshotRefusedError(version?.revision ?? 0, `it has ${length} bytes of at most ${MAX_SNAPSHOT_BYTES}`);
    }
    const found = await (this.#fetchAside(length) ?? this.#fetch());
    return found === null ? { state: 'absent' } : { state: 'new', ...found };
  }

  async #fetch(): Promise<FoundEnvelope | null> {
    const bytes = await this.#redis.getBuffer(redisNames.snapshot);
    return bytes && { bytes, version: versionOfBytes(bytes) };
  }
}
