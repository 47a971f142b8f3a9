import { redisNames, type SnapshotEnvelope } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { ENVELOPE_HEAD_BYTES, encodeEnvelope, versionOfHead } from './seal-snapshot.ts';
import type { PublishOutcome, SnapshotPublisher } from './snapshot-publisher.ts';
import type { SnapshotVersion } from './snapshot-version.ts';

/**
 * Compares with the stored revision, stores and rings in one step, so that two control planes cannot overtake each other. The
 * revision is read from the head of the envelope's text: one key is touched, which works in Redis Cluster, and nothing is parsed.
 */
const PUBLISH_SCRIPT = `
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
local stored = tonumber(string.match(head, '^{"revision":(%d+)'))
if stored and stored > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;

/** Publishes snapshots through Redis. Rejects when Redis cannot be reached; the caller tries again. */
export class RedisSnapshotPublisher implements SnapshotPublisher {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async publish(envelope: SnapshotEnvelope): Promise<PublishOutcome> {
    const { revision, checksum } = envelope;
    const ring = JSON.stringify({ revision, checksum });
    const text = encodeEnvelope(envelope);
    const stored = await this.#redis.eval(
      PUBLISH_SCRIPT,
      1,
      redisNames.snapshot,
      String(revision),
      text,
      redisNames.doorbell,
      ring,
    );
    return stored === 1 ? 'published' : 'superseded';
  }

  /** What Redis holds now, so that a control plane with a restored database can number its revisions above it. */
  async storedVersion(): Promise<SnapshotVersion | undefined> {
    return versionOfHead(await this.#redis.getrange(redisNames.snapshot, 0, ENVELOPE_HEAD_BYTES - 1));
  }
}
