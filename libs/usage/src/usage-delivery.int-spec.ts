import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { redisNames } from '@penstock/contracts';
import { PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { UsageStreamConsumer, type UsageStreamConsumerOptions } from './consume/usage-stream-consumer.ts';
import { createUsageSink, type SpooledUsageSink, type UsageSinkOptions } from './create-usage-sink.ts';
import { EventStore } from './testing/event-store.ts';
import { sampleEvent, sampleOpen } from './testing/sample-usage.ts';

jest.setTimeout(30_000);

const clock = { now: () => Date.now() };

describe('usage on its way from the spool to the store', () => {
  let directory: string;
  let server: PrivateRedis;
  let redis: Redis;
  let store: EventStore;
  const cleanups: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'penstock-usage-'));
    server = await startPrivateRedis();
    redis = connect();
    await once(redis, 'ready');
    store = new EventStore();
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
    await server.dispose();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  function connect(): Redis {
    const connection = new Redis(server.url, { retryStrategy: () => 50 });
    connection.on('error', () => undefined);
    cleanups.push(async () => connection.disconnect());
    return connection;
  }

  function openSink(options: Partial<UsageSinkOptions> = {}): SpooledUsageSink {
    const sink = createUsageSink({ directory, instanceId: 'gateway-1', redis, clock, confirmEveryMs: 100, ...options });
    cleanups.push(() => sink.close());
    return sink;
  }

  function startConsumer(options: Partial<UsageStreamConsumerOptions> = {}): UsageStreamConsumer {
    const consumer = new UsageStreamConsumer({
      redis: connect(),
      consumer: 'worker-1',
      commit: store.commit,
      clock,
      blockMs: 200,
      ...options,
    });
    consumer.start();
    cleanups.push(() => consumer.stop());
    return consumer;
  }

  const stored = (count: number): Promise<boolean> =>
    waitUntil(`${count} stored events`, () => store.events.size === count, { timeoutMs: 15_000 });
  const nothingPending = (sink: SpooledUsageSink): Promise<boolean> =>
    waitUntil('an empty spool', () => sink.pending === 0, { timeoutMs: 15_000 });
  const files = (): string[] =>
    fs
      .readdirSync(directory, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.ndjson'));

  it('arrives unchanged, once, and leaves neither a file nor an entry behind', async () => {
    const sink = openSink();
    startConsumer();
    const event = sampleEvent();
    const opened = sink.open(sampleOpen({ id: event.id }));
    sink.record(event, opened);
    await stored(1);
    expect(store.events.get(event.id)).toEqual(event);
    await nothingPending(sink);
    expect(files()).toEqual([]);
    await waitUntil('an empty stream', async () => (await redis.xlen(redisNames.usageStream)) === 0);
    expect({ deliveries: store.deliveries, dropped: sink.dropped }).toEqual({ deliveries: 1, dropped: 0 });
  });

  it('keeps a segment until a worker has committed it', async () => {
    const sink = openSink();
    for (let count = 0; count < 10; count += 1) sink.record(sampleEvent());
    await sink.flush(5_000);
    expect(await redis.xlen(redisNames.usageStream)).toBe(1);
    store.failure = new Error('the database is down');
    startConsumer();
    await waitUntil(
      'a delivery',
      async () => Number((await redis.xpending(redisNames.usageStream, 'workers'))[0]) === 1,
    );
    await new Promise((resolve) => void setTimeout(resolve, 300)); // a round of confirmation
    expect(sink.pending).toBe(10);
    store.failure = undefined;
    await stored(10);
    await nothingPending(sink);
    expect(files()).toEqual([]);
  });

  it('stays on the disk while it is held back, also when shipping was under way at that moment', async () => {
    const sink = openSink();
    startConsumer();
    const [before, after] = [sampleEvent(), sampleEvent()];
    const pipeline = jest.spyOn(redis, 'pipeline').mockImplementationOnce(() => {
      sink.hold();
      sink.record(after);
      return redis.pipeline();
    });
    sink.record(before);
    await waitUntil('shipping', () => pipeline.mock.calls.length > 0);
    await stored(1);
    await waitUntil('nothing but what is held back', () => sink.oldestPendingAtMs === null);
    await new Promise((resolve) => void setTimeout(resolve, 300));
    expect([...store.events.keys()]).toEqual([before.id]);
    expect(sink.pending).toBe(1);
    sink.release();
    await stored(2);
  });

  it('asks what is committed only now and then, however often it ships', async () => {
    const asked = jest.spyOn(redis, 'multi');
    const sink = openSink({ confirmEveryMs: 60_000 });
    for (let shipped = 1; shipped <= 5; shipped += 1) {
      sink.record(sampleEvent());
      await waitUntil('an entry', async () => (await redis.xlen(redisNames.usageStream)) === shipped);
    }
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('keeps a segment whose request has not ended', async () => {
    const sink = openSink();
    startConsumer();
    const open = sampleOpen();
    const opened = sink.open(open);
    sink.record(sampleEvent());
    await stored(1);
    await nothingPending(sink);
    expect(files()).toHaveLength(1);
    sink.record(sampleEvent({ id: open.id }), opened);
    await stored(2);
    await waitUntil('no files', () => files().length === 0);
  });

  it('goes out again when Redis was emptied between shipping and committing', async () => {
    const again: number[] = [];
    const sink = openSink({ onShipAgain: (events) => again.push(events) });
    for (let count = 0; count < 100; count += 1) sink.record(sampleEvent());
    await sink.flush(5_000);
    await redis.flushall();
    for (let count = 0; count < 20; count += 1) sink.record(sampleEvent());
    startConsumer();
    await stored(120);
    await nothingPending(sink);
    // Also what was shipped before the loss was noticed, if anything was.
    expect(again).toHaveLength(1);
    expect(again[0]).toBeGreaterThanOrEqual(100);
  });

  it('survives Redis being emptied and restarted while it ships', async () => {
    const sink = openSink({ segmentBytes: 16_384 });
    startConsumer();
    for (let round = 0; round < 6; round += 1) {
      for (let count = 0; count < 200; count += 1) sink.record(sampleEvent());
      await sink.flush(100);
      if (round % 2 === 0) await redis.flushall();
      else await server.restart();
    }
    await stored(1_200);
    await nothingPending(sink);
    expect(sink.dropped).toBe(0);
    expect(files()).toEqual([]);
  });

  it('goes out again when Redis comes back with an old copy, to which others have added since', async () => {
    const sink = openSink({ confirmEveryMs: 60_000 });
    const event = sampleEvent();
    sink.record(event);
    await sink.flush(5_000);
    const epoch = await redis.get(redisNames.usageEpoch);
    await server.restart();
    await redis.set(redisNames.usageEpoch, epoch ?? '');
    const newer = sampleEvent();
    await redis.xadd(redisNames.usageStream, '*', 'event', JSON.stringify(newer));
    startConsumer();
    await stored(1);
    sink.record(sampleEvent());
    await stored(3);
    expect(store.events.get(event.id)).toEqual(event);
  });

  it('waits while Redis is down, and then goes out', async () => {
    const sink = openSink();
    startConsumer();
    await server.stop();
    for (let count = 0; count < 50; count += 1) sink.record(sampleEvent());
    await sink.flush(200);
    expect(sink.pending).toBe(50);
    await server.start();
    await stored(50);
  });

  it('stays on the spool while the stream holds too much', async () => {
    const sink = openSink({ maxStreamEntries: 3 });
    for (let count = 0; count < 1_000; count += 1) sink.record(sampleEvent());
    await sink.flush(300);
    expect(await redis.xlen(redisNames.usageStream)).toBe(3);
    startConsumer();
    await stored(1_000);
    await nothingPending(sink);
  });

  it('is taken over by another worker when the first one dies with it', async () => {
    const sink = openSink();
    const neverCommits = new UsageStreamConsumer({
      redis: connect(),
      consumer: 'worker-dead',
      clock,
      commit: () => Promise.reject(new Error('killed in the middle')),
    });
    neverCommits.start();
    for (let count = 0; count < 30; count += 1) sink.record(sampleEvent());
    await waitUntil('a delivery', async () => Number((await redis.xpending(redisNames.usageStream, 'workers'))[0]) > 0);
    await neverCommits.stop();
    startConsumer({ staleAfterMs: 200 });
    await stored(30);
    await nothingPending(sink);
  });

  it('is shared by two workers, and what one had when it stopped it takes up again', async () => {
    const sink = openSink();
    const first = startConsumer({ batch: 1 });
    startConsumer({ consumer: 'worker-2', batch: 1 });
    for (let count = 0; count < 500; count += 1) sink.record(sampleEvent());
    await first.stop();
    startConsumer({ batch: 1 });
    await stored(500);
    await nothingPending(sink);
  });

  it('counts an event once that is recorded twice', async () => {
    const sink = openSink();
    startConsumer();
    const event = sampleEvent();
    sink.record(event);
    sink.record(event);
    await waitUntil('two deliveries', () => store.deliveries === 2);
    expect(store.events.size).toBe(1);
  });

  it('puts what is no event, and what the store refuses, with the dead letters', async () => {
    const poison: string[] = [];
    const refused = sampleEvent({ requestedModel: 'refused' });
    startConsumer({
      onPoison: ({ reason }) => poison.push(reason),
      isPermanent: (error) => error instanceof RangeError,
      commit: (events) =>
        events.some(({ requestedModel }) => requestedModel === 'refused')
          ? Promise.reject(new RangeError('numeric value out of range'))
          : store.commit(events),
    });
    for (const text of ['{"id":', '{}', JSON.stringify(sampleEvent({ requestId: 'a\u0000b' }))]) {
      await redis.xadd(redisNames.usageStream, '*', 'event', text);
    }
    await redis.xadd(redisNames.usageStream, '*', 'other', 'field');
    const sink = openSink();
    for (let count = 0; count < 9; count += 1) sink.record(sampleEvent());
    sink.record(refused);
    await stored(9);
    await waitUntil('five dead letters', async () => (await redis.xlen(redisNames.usageDeadLetters)) === 5);
    expect(poison).toHaveLength(5);
    expect(poison.at(-1)).toContain('numeric value out of range');
    await nothingPending(sink);
  });

  it('is taken over from a process that closed before everything was shipped', async () => {
    await server.stop();
    const first = openSink();
    const left = sampleOpen({ estimatedCostMicroUsd: 77, estimatedPriceVersion: 'price-2' });
    first.open(left);
    first.record(sampleEvent());
    await first.close();
    await server.start();
    const second = openSink();
    startConsumer();
    await stored(2);
    expect(store.events.get(left.id)).toMatchObject({
      outcome: 'presumed',
      usageSource: 'presumed',
      httpStatus: 500,
      usage: left.usage,
      costMicroUsd: 77,
      priceVersion: 'price-2',
    });
    await nothingPending(second);
    expect(files()).toEqual([]);
    expect(fs.readdirSync(directory)).toHaveLength(1);
  });
});
