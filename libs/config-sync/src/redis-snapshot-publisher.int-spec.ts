import { redisNames } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRedisConnection } from './redis-connection.ts';
import { RedisSnapshotPublisher } from './redis-snapshot-publisher.ts';
import { encodeEnvelope, sealSnapshot } from './seal-snapshot.ts';
import { keys, provider, snapshot } from './testing/snapshot-fixture.ts';

describe('a publisher', () => {
  const url = process.env['REDIS_URL'] ?? '';
  const redis = createRedisConnection(url);
  const listener = createRedisConnection(url);
  const publisher = new RedisSnapshotPublisher(redis);
  const rings: string[] = [];

  beforeAll(async () => {
    expect(url).not.toBe('');
    await Promise.all([redis.connect(), listener.connect()]);
    listener.on('message', (_channel: string, message: string) => rings.push(message));
    await listener.subscribe(redisNames.doorbell);
  });
  beforeEach(async () => {
    await redis.flushall();
    rings.length = 0;
  });
  afterAll(() => [redis, listener].forEach((connection) => connection.disconnect()));

  it('stores the envelope and rings with revision and checksum only', async () => {
    const sealed = sealSnapshot(snapshot(4), keys);
    expect(await publisher.publish(sealed)).toBe('published');
    expect(await redis.get(redisNames.snapshot)).toBe(encodeEnvelope(sealed));
    expect(await publisher.storedVersion()).toEqual({ revision: 4, checksum: sealed.checksum });
    await waitUntil('a ring', () => rings.length === 1);
    expect(JSON.parse(rings[0] ?? '')).toEqual({ revision: 4, checksum: sealed.checksum });
  });

  it('never replaces a newer revision by an older one, and does not ring then', async () => {
    await publisher.publish(sealSnapshot(snapshot(10), keys));
    expect(await publisher.publish(sealSnapshot(snapshot(9), keys))).toBe('superseded');
    expect((await publisher.storedVersion())?.revision).toBe(10);
    await publisher.publish(sealSnapshot(snapshot(100), keys));
    await waitUntil('the rings of both', () => rings.length >= 2);
    expect(rings.map((ring) => (JSON.parse(ring) as { revision: number }).revision)).toEqual([10, 100]);
  });

  it('may publish a revision again', async () => {
    const again = sealSnapshot(snapshot(4, { providers: [provider(1), provider(2)] }), keys);
    await publisher.publish(sealSnapshot(snapshot(4), keys));
    expect(await publisher.publish(again)).toBe('published');
    expect((await publisher.storedVersion())?.checksum).toBe(again.checksum);
  });

  it('leaves the newest of many that are published at once in any order', async () => {
    const revisions = Array.from({ length: 40 }, (_, index) => ((index * 17) % 40) + 1);
    await Promise.all(revisions.map((revision) => publisher.publish(sealSnapshot(snapshot(revision), keys))));
    expect((await publisher.storedVersion())?.revision).toBe(40);
  });

  it('knows no stored version when there is none', async () => {
    expect(await publisher.storedVersion()).toBeUndefined();
  });

  it('replaces what is not an envelope at all', async () => {
    await redis.set(redisNames.snapshot, 'garbage');
    expect(await publisher.publish(sealSnapshot(snapshot(1), keys))).toBe('published');
  });

  it('rejects at once when Redis is away', async () => {
    const away = createRedisConnection('redis://127.0.0.1:1');
    away.on('error', () => undefined);
    await expect(new RedisSnapshotPublisher(away).publish(sealSnapshot(snapshot(1), keys))).rejects.toThrow();
    away.disconnect();
  });
});
