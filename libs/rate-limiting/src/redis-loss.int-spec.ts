import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { applicableLimit, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit, LimitDecision } from './rate-limiter.ts';
import { readLedgers } from './read-ledgers.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

jest.setTimeout(30_000);

const INSTANCES = 2;
/** Short waits, so that a test is over quickly. */
const impatient = { retryStrategy: () => 30, disconnectTimeout: 100 };
const clock = { now: () => Date.now() };

describe('limits while Redis is lost', () => {
  let server: PrivateRedis;
  let redis: Redis;
  let admin: Redis;
  let limiter: RedisRateLimiter;
  let changes: boolean[];
  let errors: string[];
  const standbys: PrivateRedis[] = [];

  beforeEach(async () => {
    server = await startPrivateRedis();
    redis = new Redis(server.url, { ...limiterRedisOptions, ...impatient });
    admin = new Redis(server.url, impatient);
    for (const connection of [redis, admin]) connection.on('error', () => undefined);
    await Promise.all([once(redis, 'ready'), once(admin, 'ready')]);
    changes = [];
    errors = [];
    limiter = new RedisRateLimiter({
      redis,
      clock,
      fallback: new MemoryRateLimiter({ clock, share: () => 1 / INSTANCES }),
      instances: () => INSTANCES,
      deadlineMs: 250,
      onDegraded: (degraded) => changes.push(degraded),
      onError: (error) => errors.push(String(error)),
    });
  });

  afterEach(async () => {
    await limiter.close();
    redis.disconnect();
    admin.disconnect();
    await server.dispose();
    for (const standby of standbys.splice(0)) await standby.dispose();
  });

  const take = (applicable: ApplicableLimit, amount = 1): Promise<LimitDecision> =>
    limiter.reserve([{ applicable, amount }]);
  const isLocal = (decision: LimitDecision): boolean => decision.allowed && decision.reservation.local;
  const requests = (max = 1_000): ApplicableLimit => applicableLimit({ unit: 'requests', window: 'hour', max });

  async function lose(): Promise<void> {
    const applicable = requests();
    for (let call = 0; call < 5; call += 1) expect(isLocal(await take(applicable))).toBe(true);
    expect(limiter.degraded).toBe(true);
  }
  const comeBack = (): Promise<unknown> =>
    waitUntil('Redis to decide again', () => !limiter.degraded, { timeoutMs: 10_000 });

  it('gives a server that forgot the scripts the scripts', async () => {
    const applicable = requests();
    const reservation = reservationOf(await take(applicable));
    await admin.script('FLUSH');
    expect(isLocal(await take(applicable))).toBe(false);
    await admin.script('FLUSH');
    await limiter.settle(reservation, () => 0);
    expect((await readLimitStatuses(admin, [applicable]))[0]?.used).toBe(1);
    expect(errors).toEqual([]);
  });

  const faults: Record<string, { begin: () => Promise<unknown>; end: () => Promise<unknown> }> = {
    stopped: { begin: () => server.stop(), end: () => server.start() },
    hanging: {
      begin: () => admin.call('CLIENT', 'PAUSE', '60000', 'ALL'),
      end: () => server.kill9().then(() => server.start()),
    },
    'read-only': { begin: () => admin.replicaof('127.0.0.1', 1), end: () => admin.replicaof('NO', 'ONE') },
    'out of memory': {
      begin: () => admin.config('SET', 'maxmemory', '1'),
      end: () => admin.config('SET', 'maxmemory', '0'),
    },
    busy: {
      begin: async () => {
        await admin.config('SET', 'busy-reply-threshold', '10');
        void admin.eval('while true do end', 0).catch(() => undefined);
        await new Promise((resolve) => void setTimeout(resolve, 50));
      },
      end: async () => {
        const killer = new Redis(server.url, { lazyConnect: true, enableReadyCheck: false });
        await killer.connect();
        await killer.script('KILL');
        killer.disconnect();
      },
    },
  };

  it.each(Object.keys(faults))(
    'decides with its own share while Redis is %s, and lets Redis decide again afterwards',
    async (name) => {
      const fault = faults[name];
      const [rate, ledger, budget] = [
        requests(4),
        applicableLimit({ unit: 'tokens', window: 'month', max: 1_000 }),
        applicableLimit({ unit: 'cost', window: 'month', max: 1_000 }),
      ];
      expect(isLocal(await take(rate, 0))).toBe(false);
      const pledged = applicableLimit({ unit: 'cost', window: 'month', max: 100_000 });
      await limiter.settle(reservationOf(await take(pledged, 1_000)), () => 1_000);
      await waitUntil('a pledge', async () => (await readLedgers(admin, [pledged]))[0]?.pledged === 990);
      await fault?.begin();
      await lose();
      expect(changes).toEqual([true]);
      const startedAt = performance.now();
      expect((await take(rate, 2)).allowed).toBe(true);
      expect(await take(rate)).toMatchObject({ allowed: false, unavailable: false });
      expect((await take(ledger, 500)).allowed).toBe(true);
      expect((await take(ledger)).allowed).toBe(false);
      expect(await take(budget)).toMatchObject({ allowed: false, unavailable: true, retryAfterMs: 1_000 });
      const fromPledge = reservationOf(await take(pledged, 900));
      expect(await take(pledged, 100)).toMatchObject({ allowed: false, unavailable: true, retryAfterMs: 1_000 });
      await limiter.settle(fromPledge, () => 850);
      expect(performance.now() - startedAt).toBeLessThan(100);
      await fault?.end();
      await comeBack();
      const forgotten = ['stopped', 'hanging'].includes(name); // the server came back empty
      await waitUntil('what was spent of the pledge', async () => {
        const [ledger] = await readLedgers(admin, [pledged]);
        return ledger?.spent === (forgotten ? 850 : 1_850);
      });
      expect(changes).toEqual([true, false]);
      expect(isLocal(await take(requests()))).toBe(false);
    },
  );

  it('waits no longer than the deadline, and gives back what Redis took too late', async () => {
    const applicable = applicableLimit({ unit: 'tokens', window: 'month', max: 1_000 });
    await take(applicable, 0);
    await admin.call('CLIENT', 'PAUSE', '900', 'ALL');
    const startedAt = performance.now();
    expect(isLocal(await take(applicable, 100))).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(800);
    await waitUntil('nothing held', async () => {
      const [status] = await readLimitStatuses(admin, [applicable]);
      return status?.used === 0;
    });
    expect(limiter.degraded).toBe(false);
  });

  it('tells Redis afterwards what it let through', async () => {
    const rate = requests(1_000);
    const ledger = applicableLimit({ unit: 'tokens', window: 'month', max: 1_000 });
    const shadow = applicableLimit({ unit: 'cost', window: 'month', max: 1_000, mode: 'shadow' });
    const charges = [rate, ledger, shadow].map((applicable) => ({ applicable, amount: 100 }));
    await server.stop();
    await lose();
    const settled = reservationOf(await limiter.reserve(charges));
    await limiter.settle(settled, () => 40);
    await limiter.settle({ ...settled }, () => 40);
    const running = reservationOf(await limiter.reserve(charges));
    await server.start();
    await comeBack();
    await limiter.settle(running, () => 60);
    await waitUntil('the debt', async () => {
      const used = (await readLimitStatuses(admin, [rate, ledger, shadow])).map((status) => status.used);
      return used.join() === '100,100,100';
    });
  });

  it('sends a settlement later that could not be sent', async () => {
    await server.dispose();
    server = await startPrivateRedis({ durable: true });
    redis.disconnect();
    redis = new Redis(server.url, { ...limiterRedisOptions, ...impatient });
    redis.on('error', () => undefined);
    await once(redis, 'ready');
    limiter = new RedisRateLimiter({
      redis,
      clock,
      fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
      instances: () => 1,
      deadlineMs: 1_000,
    });
    const ledger = applicableLimit({ unit: 'cost', window: 'month', max: 1_000 });
    const reservation = reservationOf(await take(ledger, 500));
    await server.stop();
    await limiter.settle(reservation, () => 70);
    await server.start();
    const reader = new Redis(server.url, impatient);
    await waitUntil('the settlement', async () => (await readLimitStatuses(reader, [ledger]))[0]?.used === 70, {
      timeoutMs: 10_000,
    });
    reader.disconnect();
    expect(limiter.lost).toBe(0);
  });

  it('counts what was used even when the ledger was lost meanwhile', async () => {
    const ledger = applicableLimit({ unit: 'cost', window: 'month', max: 1_000 });
    const reservation = reservationOf(await take(ledger, 500));
    await admin.flushall();
    await limiter.settle(reservation, () => 70);
    expect((await readLimitStatuses(admin, [ledger]))[0]).toMatchObject({ used: 70, remaining: 930 });
  });

  it('counts what a failover forgot, and goes on with what it did not', async () => {
    const standby = await startPrivateRedis({ options: ['--repl-diskless-sync-delay', '0'] });
    standbys.push(standby);
    await admin.config('SET', 'repl-diskless-sync-delay', '0');
    const replica = new Redis(standby.url, impatient);
    const ledger = applicableLimit({ unit: 'cost', window: 'month', max: 100_000 });
    await limiter.settle(reservationOf(await take(ledger, 10_000)), () => 10_000);
    const kept = reservationOf(await take(ledger, 2_000));
    await replica.replicaof('127.0.0.1', server.port);
    await waitUntil('the copy', async () => (await replica.keys('*:leases')).length === 1, { timeoutMs: 10_000 });
    await replica.replicaof('NO', 'ONE');
    replica.disconnect();
    const lost = reservationOf(await take(ledger, 3_000));
    await limiter.settle(reservationOf(await take(ledger, 5_000)), () => 5_000); // forgotten, as are the leases since
    await admin.replicaof('127.0.0.1', standby.port);
    await waitUntil('a decision without Redis', async () => !(await take(ledger, 40_000)).allowed);
    const linked = async (): Promise<boolean> => (await admin.info('replication')).includes('master_link_status:up');
    await waitUntil('the older data', linked, { timeoutMs: 10_000 });
    await admin.replicaof('NO', 'ONE');
    await waitUntil('Redis to decide again', async () => {
      const decision = await take(ledger, 0);
      if (decision.allowed) await limiter.settle(decision.reservation, () => 0);
      return isLocal(decision) === false && decision.allowed;
    });
    await limiter.settle(kept, () => 1_500);
    await limiter.settle(lost, () => 2_500);
    await limiter.settle({ ...lost }, () => 2_500);
    await waitUntil('both settlements', async () => {
      const [reading] = await readLedgers(admin, [ledger]);
      return reading?.spent === 14_000 && reading.reserved === 0;
    });
  });
});
