import { redisNames } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { HeartbeatReporter, type InstanceState } from './heartbeat-reporter.ts';
import { readHeartbeats } from './read-heartbeats.ts';
import { createRedisConnection } from './redis-connection.ts';

function state(instanceId: string, appliedRevision = 3): InstanceState {
  return {
    instanceId,
    hostname: 'host',
    pid: 1,
    version: '0.1.0',
    startedAt: '2026-01-01T00:00:00.000Z',
    appliedRevision,
    appliedChecksum: 'a'.repeat(64),
    appliedAt: '2026-01-01T00:00:00.000Z',
    refusal: null,
    quarantined: [],
    inFlight: 0,
    limiterDegraded: false,
    spooledEvents: 0,
    oldestSpooledAt: null,
    ledgerReseed: null,
    draining: false,
  };
}

describe('heartbeats', () => {
  let server: PrivateRedis;
  let redis: Redis;
  const reporters: HeartbeatReporter[] = [];

  beforeEach(async () => {
    server = await startPrivateRedis();
    redis = createRedisConnection({ host: '127.0.0.1', port: server.port, socketTimeout: 500 });
    redis.on('error', () => undefined);
    await redis.connect();
  });
  afterEach(async () => {
    await Promise.all(reporters.splice(0).map((reporter) => reporter.stop()));
    redis.disconnect();
    await server.dispose();
  });

  function reporter(instanceId: string, describeInstance = () => state(instanceId)): HeartbeatReporter {
    const made = new HeartbeatReporter({ redis, instanceId, describe: describeInstance, intervalMs: 50 });
    reporters.push(made);
    return made;
  }

  it('show each instance to the control plane and count them for each other', async () => {
    const first = reporter('one');
    const second = reporter('two');
    first.start();
    second.start();
    await waitUntil('both know of two', () => first.liveInstances() === 2 && second.liveInstances() === 2);
    const heartbeats = await readHeartbeats(redis);
    expect(heartbeats.map(({ instanceId }) => instanceId)).toEqual(['one', 'two']);
    expect(heartbeats[0]).toMatchObject({ ...state('one'), sentAt: expect.any(String) });
    const expiryMs = await redis.pttl(redisNames.gatewayHeartbeat('one'));
    expect(expiryMs).toBeGreaterThan(10_000);
    expect(expiryMs).toBeLessThanOrEqual(15_000);
  });

  it('tell an applied revision at once', async () => {
    let revision = 3;
    const one = reporter('one', () => state('one', revision));
    await one.beat();
    revision = 4;
    await Promise.all([one.beat(), one.beat()]);
    expect((await readHeartbeats(redis))[0]?.appliedRevision).toBe(4);
  });

  it('forget an instance that signs off at once, and one that died after a while', async () => {
    const one = reporter('one');
    const two = reporter('two');
    await Promise.all([one.beat(), two.beat()]);
    await two.stop();
    await one.beat();
    expect(one.liveInstances()).toBe(1);

    await redis.zadd(redisNames.gatewayInstances, Date.now() - 20_000, 'dead');
    await one.beat();
    expect(one.liveInstances()).toBe(1);
    expect(await redis.zrange(redisNames.gatewayInstances, '0', '-1')).toEqual(['one']);
  });

  it('tell of a worker that writes ledgers back, and come often until it is done', async () => {
    const heard: string[] = [];
    let beats = 0;
    const one = new HeartbeatReporter({
      redis,
      instanceId: 'one',
      describe: () => {
        beats += 1;
        return state('one');
      },
      intervalMs: 60_000,
      onLedgerReseed: (token) => heard.push(token ?? 'none'),
    });
    reporters.push(one);
    one.start();
    await waitUntil('the first heartbeat', () => one.beat().then(() => beats > 0));
    await redis.set(redisNames.ledgerReseed, 'attempt');
    await one.beat();
    const soFar = beats;
    await waitUntil('more heartbeats', () => beats >= soFar + 3);
    expect(new Set(heard)).toEqual(new Set(['none', 'attempt']));
    await redis.del(redisNames.ledgerReseed);
    await one.beat();
    expect(heard.at(-1)).toBe('none');
    const [last, heardSoFar] = [beats, heard.length];
    await new Promise((resolve) => void setTimeout(resolve, 800));
    expect([beats, heard.length]).toEqual([last, heardSoFar]);
  });

  it('keep the last count while Redis is away, and go on when it is back', async () => {
    const one = reporter('one');
    const two = reporter('two');
    await two.beat();
    one.start();
    await waitUntil('it knows of two', () => one.liveInstances() === 2);
    await server.kill9();
    await one.beat();
    expect(one.liveInstances()).toBe(2);
    await server.start();
    await waitUntil('it counts again, alone', () => one.liveInstances() === 1);
    expect((await readHeartbeats(redis)).map(({ instanceId }) => instanceId)).toEqual(['one']);
  });

  it('count one instance without Redis', async () => {
    const alone = new HeartbeatReporter({ redis: undefined, instanceId: 'alone', describe: () => state('alone') });
    await alone.beat();
    expect(alone.liveInstances()).toBe(1);
    await alone.stop();
  });

  it('are shortened to what a reader accepts', async () => {
    const quarantined = Array.from({ length: 150 }, (_, index) => ({
      kind: 'VirtualKey',
      name: `key-${index}`,
      reason: 'x',
    }));
    const refusal = { revision: 4, reason: 'x'.repeat(9_000), at: '2026-01-01T00:00:00.000Z' };
    await reporter('one', () => ({ ...state('one'), quarantined, refusal })).beat();
    expect((await readHeartbeats(redis))[0]?.quarantined).toHaveLength(100);
  });

  it('of another release are skipped by the reader', async () => {
    await reporter('one').beat();
    await redis.zadd(redisNames.gatewayInstances, Date.now(), 'future', Date.now(), 'silent');
    await redis.set(redisNames.gatewayHeartbeat('future'), '{"instanceId":"future","shape":"other"}');
    expect((await readHeartbeats(redis)).map(({ instanceId }) => instanceId)).toEqual(['one']);
  });
});
