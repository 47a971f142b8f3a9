import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { applicableLimit, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import { readLedgers } from './read-ledgers.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

jest.setTimeout(60_000);

const CALLERS = 64;
const LEASE_MS = 1_500;
const clock = { now: () => Date.now() };

describe('limits whose connection breaks with calls on their way', () => {
  let server: PrivateRedis;
  let admin: Redis;
  let redis: Redis;
  let limiter: RedisRateLimiter;
  let processId: number;
  let errors: string[];
  let used: { requests: number; cost: number };

  const limits = {
    cost: applicableLimit({ unit: 'cost', window: 'month', max: 100_000_000_000 }),
    rolling: applicableLimit({ unit: 'cost', window: 'day', max: 100_000_000_000, alignment: 'rolling' }),
    requests: applicableLimit({ unit: 'requests', window: 'day', max: 10_000_000 }),
    places: applicableLimit({ unit: 'concurrency', max: 100_000 }),
  };
  const charges = Object.values(limits).map((applicable) => ({
    applicable,
    amount: applicable.limit.unit === 'cost' ? 1_000 : 1,
  }));

  beforeEach(async () => {
    server = await startPrivateRedis();
    admin = new Redis(server.url, { retryStrategy: () => 30 });
    redis = new Redis(server.url, { ...limiterRedisOptions, retryStrategy: () => 30 });
    for (const connection of [redis, admin]) connection.on('error', () => undefined);
    await Promise.all([once(redis, 'ready'), once(admin, 'ready')]);
    processId = Number(/process_id:(\d+)/.exec(await admin.info('server'))?.[1]);
    errors = [];
    used = { requests: 0, cost: 0 };
    limiter = new RedisRateLimiter({
      redis,
      clock,
      fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
      instances: () => 1,
      leaseMs: LEASE_MS,
      onError: (error) => errors.push(String(error)),
    });
  });
  afterEach(async () => {
    process.kill(processId, 'SIGCONT');
    await limiter.close();
    redis.disconnect();
    admin.disconnect();
    await server.dispose();
  });

  /** Many more ask at the moment at which it stops; their calls wait in its buffer. */
  async function freeze(ms: number): Promise<void> {
    process.kill(processId, 'SIGSTOP');
    await Promise.all([sleep(ms), ...Array.from({ length: CALLERS }, (_, number) => request(number))]);
    process.kill(processId, 'SIGCONT');
  }

  /** Returns whether Redis decided. */
  async function request(number: number): Promise<boolean> {
    const decision = await limiter.reserve(charges);
    if (!decision.allowed) return false;
    const cost = 1 + (number % 900);
    used.requests += 1;
    used.cost += cost;
    await sleep(number % 7);
    await limiter.settle(decision.reservation, ({ applicable }) => (applicable.limit.unit === 'cost' ? cost : 1));
    return !decision.reservation.local;
  }

  /** Many callers, until the fault is over. */
  async function loadDuring(fault: () => Promise<unknown>): Promise<void> {
    let running = true;
    const callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let call = caller; running; call += 1) {
        if (!(await request(call))) await sleep(20);
      }
    });
    await sleep(500);
    await fault();
    await sleep(1_000);
    running = false;
    await Promise.all(callers);
  }

  async function read(): Promise<readonly number[]> {
    const ledgers = await readLedgers(admin, [limits.cost, limits.rolling, limits.requests]);
    const [places] = await readLimitStatuses(admin, [limits.places]);
    return [...ledgers.flatMap(({ spent, reserved }) => [spent, reserved]), places?.used ?? -1];
  }

  const faults: Record<string, () => Promise<unknown>> = {
    'frozen for longer than its socket may be silent': () => freeze(5_000),
    'frozen for two seconds': () => freeze(2_000),
    'frozen, and the connection is cut meanwhile': async () => {
      const frozen = freeze(700);
      await sleep(300);
      redis.stream.destroy();
      await frozen;
    },
    'resetting its connections again and again': async () => {
      for (let time = 0; time < 15; time += 1) {
        await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        await sleep(100);
      }
    },
  };

  it.each(Object.keys(faults))('count exactly what was used, after a Redis that is %s', async (name) => {
    await loadDuring(faults[name] ?? (() => Promise.reject(new Error('no such fault'))));
    expect(errors.length).toBeGreaterThan(0);
    expect(used.requests).toBeGreaterThan(CALLERS);
    await sleep(LEASE_MS + 100);
    const truth = [used.cost, 0, used.cost, 0, used.requests, 0, 0];
    const agrees = async (): Promise<boolean> => (await read()).join() === truth.join();
    await waitUntil('the truth', agrees, { timeoutMs: 8_000 }).catch(() => undefined);
    expect(await read()).toEqual(truth);
    await limiter.close();
    const ledgers = await readLedgers(admin, [limits.cost, limits.rolling, limits.requests]);
    expect(ledgers.map(({ spent, reserved, pledged }) => [spent, reserved, pledged])).toEqual([
      [used.cost, 0, 0],
      [used.cost, 0, 0],
      [used.requests, 0, 0],
    ]);
    expect(limiter.lost).toBe(0);
  });

  it('are told of what may be held without another request', async () => {
    const unpledged = charges.filter(({ applicable }) => applicable.limit.unit !== 'cost');
    await limiter.settle(reservationOf(await limiter.reserve(unpledged)), () => 0);
    process.kill(processId, 'SIGSTOP');
    const asked = Array.from({ length: 4 }, () => limiter.reserve(unpledged)); // too few for Redis to be given up
    await sleep(100);
    redis.stream.destroy();
    await Promise.all(asked);
    await sleep(1_500); // the first attempt to tell it is in vain
    process.kill(processId, 'SIGCONT');
    expect(limiter.degraded).toBe(false);
    await sleep(LEASE_MS + 100);
    await waitUntil('nothing held or spent', async () => (await read()).every((value) => value === 0));
  });
});
