import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { SnapshotRefusedError } from './open-envelope.ts';
import { ENVELOPE_HEAD_BYTES, MAX_SNAPSHOT_BYTES, versionOfBytes, versionOfHead } from './seal-snapshot.ts';
import type { KnownSnapshots, OriginAnswer, SnapshotOrigin } from './snapshot-origin.ts';

/** Reads the snapshot from Redis. Only its first bytes are read while there is nothing new. */
export class RedisOrigin implements SnapshotOrigin {
  readonly name = 'redis';
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
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
    const bytes = await this.#redis.getBuffer(redisNames.snapshot);
    return bytes === null ? { state: 'absent' } : { state: 'new', bytes, version: versionOfBytes(bytes) };
  }
}
