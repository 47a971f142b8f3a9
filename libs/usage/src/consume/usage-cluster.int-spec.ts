import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { redisNames } from '@penstock/contracts';
import { PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { createUsageSink } from '../create-usage-sink.ts';
import { EventStore } from '../testing/event-store.ts';
import { sampleEvent } from '../testing/sample-usage.ts';
import { UsageStreamConsumer } from './usage-stream-consumer.ts';

jest.setTimeout(30_000);

const clock = { now: () => Date.now() };

describe('usage on a node of a Redis Cluster, which refuses commands over keys of several slots', () => {
  let directory: string;
  let server: PrivateRedis;
  let redis: Redis;

  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-usage-'));
    server = await startPrivateRedis({ options: ['--cluster-enabled', 'yes'] });
    redis = new Redis(server.url, { retryStrategy: () => 50 });
    redis.on('error', () => undefined);
    await once(redis, 'ready');
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    const healthy = async (): Promise<boolean> =>
      String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
    await waitUntil('the cluster to take all slots', healthy);
  });

  afterEach(async () => {
    redis.disconnect();
    await server.dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it('is shipped, committed, buried where it is poison, and trimmed away', async () => {
    const store = new EventStore();
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const poison: string[] = [];
    const sink = createUsageSink({ directory, instanceId: 'gateway-1', redis, clock, confirmEveryMs: 50, onError });
    await redis.xadd(redisNames.usageStream, '*', 'event', 'no event');
    const consumer = new UsageStreamConsumer({
      redis,
      consumer: 'worker-1',
      commit: store.commit,
      clock,
      blockMs: 100,
      onError,
      onPoison: ({ text }) => poison.push(text),
    });
    consumer.start();
    for (let count = 0; count < 500; count += 1) sink.record(sampleEvent());
    await waitUntil('all events to be stored', () => store.events.size === 500, { timeoutMs: 10_000 });
    await waitUntil('an empty spool', () => sink.pending === 0, { timeoutMs: 10_000 });
    await waitUntil('an empty stream', async () => (await redis.xlen(redisNames.usageStream)) === 0);
    expect(poison).toEqual(['no event']);
    expect(await redis.xlen(redisNames.usageDeadLetters)).toBe(1);
    expect(errors).toEqual([]);
    await consumer.stop();
    await sink.close();
  });
});
