import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { applicableLimit, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit, RateLimiter } from './rate-limiter.ts';
import { type LedgerReading, readLedgers } from './read-ledgers.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

jest.setTimeout(30_000);

const impatient = { retryStrategy: () => 30, disconnectTimeout: 100 };

describe('pledges of money', () => {
  let server: PrivateRedis;
  let reader: Redis;
  let gateways: { readonly limiter: RedisRateLimiter; readonly redis: Redis }[];
  let skewMs: number;
  const clock = { now: () => Date.now() + skewMs };

  beforeEach(async () => {
    server = await startPrivateRedis({ durable: true });
    reader = await connect();
    gateways = [];
    skewMs = 0;
  });
  afterEach(async () => {
    for (const { limiter, redis } of gateways) {
      await limiter.close();
      redis.disconnect();
    }
    reader.disconnect();
    await server.dispose();
  });

  async function connect(): Promise<Redis> {
    const redis = new Redis(server.url, { ...limiterRedisOptions, ...impatient });
    redis.on('error', () => undefined);
    await once(redis, 'ready');
    return redis;
  }
  async function gateway(leaseMs = 60_000): Promise<{ limiter: RedisRateLimiter; redis: Redis }> {
    const redis = await connect();
    const fallback = new MemoryRateLimiter({ clock, share: () => 1 });
    const limiter = new RedisRateLimiter({ redis, clock, fallback, instances: () => 1, deadlineMs: 5_000, leaseMs });
    gateways.push({ limiter, redis });
    return { limiter, redis };
  }
  const budget = (max: number, alignment: 'calendar' | 'rolling' = 'calendar'): ApplicableLimit =>
    applicableLimit({ unit: 'cost', window: 'month', max, alignment });
  const read = async (applicable: ApplicableLimit): Promise<LedgerReading> => {
    const [reading] = await readLedgers(reader, [applicable]);
    if (!reading) throw new Error('no reading');
    return reading;
  };
  const pledged = (applicable: ApplicableLimit, amount: number): Promise<unknown> =>
    waitUntil(`${amount} pledged`, async () => (await read(applicable)).pledged === amount);
  /** Waits for more than an amount, and uses the ledger meanwhile: a busy machine may be too slow for the first attempts. */
  const pledgedMoreThan = (applicable: ApplicableLimit, amount: number): Promise<unknown> =>
    waitUntil(`more than ${amount} pledged`, async () => {
      for (const { limiter } of gateways) await spend(limiter, applicable, 0);
      return (await read(applicable)).pledged > amount;
    });
  /** Spends in steps until it is denied; returns what was spent. */
  async function spendAll(limiter: RateLimiter, applicable: ApplicableLimit, step: number): Promise<number> {
    for (let spent = 0; ; spent += step) {
      const decision = await limiter.reserve([{ applicable, amount: step }]);
      if (!decision.allowed) return spent;
      await limiter.settle(decision.reservation, () => step);
    }
  }
  async function spend(limiter: RateLimiter, applicable: ApplicableLimit, amount: number): Promise<void> {
    await limiter.settle(reservationOf(await limiter.reserve([{ applicable, amount }])), () => amount);
  }

  it.each(['calendar', 'rolling'] as const)(
    'are spent while Redis is lost, and nothing beyond them: %s',
    async (alignment) => {
      const applicable = budget(1_000_000, alignment);
      for (let count = 0; count < 3; count += 1) await spend((await gateway()).limiter, applicable, 100_000);
      // Each 1 % of what is left: of 700,000, and of less by what the others took.
      await pledgedMoreThan(applicable, 3 * 6_700);
      const { pledged: held, spent: before } = await read(applicable);
      expect(held).toBeLessThanOrEqual(3 * 9_000);
      await server.stop();
      const local: number[] = [];
      for (const { limiter } of gateways) local.push(await spendAll(limiter, applicable, 300));
      const lost = local.reduce((sum, spent) => sum + spent, 0);
      expect(lost).toBeGreaterThan(held - 3 * 300);
      expect(lost).toBeLessThanOrEqual(held);
      for (const { limiter } of gateways) {
        expect(await limiter.reserve([{ applicable, amount: 300 }])).toMatchObject({
          allowed: false,
          unavailable: true,
          retryAfterMs: 1_000,
        });
      }
      await server.start();
      await waitUntil('what was spent', async () => (await read(applicable)).spent === before + lost, {
        timeoutMs: 10_000,
      });
      for (const { limiter } of gateways) await waitUntil('Redis to decide', () => !limiter.degraded);
      let after = 0;
      for (const { limiter } of gateways) after += await spendAll(limiter, applicable, 2_000);
      expect(before + lost + after).toBeLessThanOrEqual(1_000_000);
      expect((await read(applicable)).spent).toBe(before + lost + after);
    },
  );

  it('are settled with what requests used that were admitted during the loss, however late they end', async () => {
    const applicable = budget(100_000);
    const { limiter } = await gateway();
    await spend(limiter, applicable, 1_000);
    await pledged(applicable, 990);
    await server.stop();
    const [first, second] = [
      reservationOf(await limiter.reserve([{ applicable, amount: 400 }])),
      reservationOf(await limiter.reserve([{ applicable, amount: 500 }])),
    ];
    expect((await limiter.reserve([{ applicable, amount: 100 }])).allowed).toBe(false);
    await limiter.settle(first, () => 100);
    await limiter.settle({ ...first }, () => 100);
    await server.start();
    await waitUntil('Redis to decide', async () => {
      const reservation = reservationOf(await limiter.reserve([{ applicable, amount: 0 }]));
      await limiter.settle(reservation, () => 0);
      return !reservation.local;
    });
    expect((await read(applicable)).spent).toBe(1_000);
    await limiter.settle(second, () => 450);
    await waitUntil('what was spent', async () => (await read(applicable)).spent === 1_000 + 100 + 450);
    expect((await read(applicable)).reserved).toBe(0);
  });

  it('come back at the end of the process, and after a minute without use', async () => {
    const applicable = budget(1_000_000);
    const { limiter } = await gateway(300);
    await spend(limiter, applicable, 1_000);
    await pledged(applicable, 9_990);
    const [status] = await readLimitStatuses(reader, [applicable]);
    expect(status).toMatchObject({ used: 1_000, remaining: 1_000_000 - 1_000 - 9_990 });
    skewMs = 60_000;
    await pledged(applicable, 0);
    await spend(limiter, applicable, 1_000);
    await pledged(applicable, 9_980);
    await limiter.close();
    expect(await read(applicable)).toMatchObject({ spent: 2_000, reserved: 0, pledged: 0 });
  });

  it('are at most one dollar, and none where a hundredth of what is left is no whole micro-dollar', async () => {
    const { limiter } = await gateway();
    const [large, small] = [budget(9_000_000_000_000), budget(99)];
    await spend(limiter, small, 1);
    await spend(limiter, large, 1);
    await pledged(large, 1_000_000);
    expect((await read(small)).pledged).toBe(0);
  });

  it('are not in the way of the process that holds them: alone it spends to the last micro-dollar', async () => {
    const { limiter } = await gateway();
    const applicable = budget(50_000);
    await spend(limiter, applicable, 10_000);
    await pledged(applicable, 400);
    let [spent, running] = [10_000, true];
    const caller = async (): Promise<void> => {
      while (running) {
        const amount = Math.min(50_000 - spent, 1 + Math.floor(Math.random() * 300));
        if (amount <= 0) return;
        const decision = await limiter.reserve([{ applicable, amount }]);
        if (!decision.allowed) continue;
        expect(decision.reservation.local).toBe(false);
        await limiter.settle(decision.reservation, () => amount);
        spent += amount;
      }
    };
    const timeout = setTimeout(() => (running = false), 10_000);
    await Promise.all(Array.from({ length: 64 }, caller));
    clearTimeout(timeout);
    expect(await read(applicable)).toMatchObject({ spent: 50_000, reserved: 0, pledged: 0 });
    expect((await limiter.reserve([{ applicable, amount: 1 }])).allowed).toBe(false);
  });

  it('keep others from little: each at most two hundredths of what was left', async () => {
    const applicable = budget(1_000_000);
    for (let count = 0; count < 4; count += 1) await spend((await gateway()).limiter, applicable, 1_000);
    await pledgedMoreThan(applicable, 4 * 9_000);
    const first = gateways[0]?.limiter;
    if (!first) throw new Error('no gateway');
    const spent = 4_000 + (await spendAll(first, applicable, 2_000));
    expect(spent).toBeGreaterThan(1_000_000 - 3 * 10_000 - 2_000);
    expect(spent).toBeLessThanOrEqual(1_000_000);
    expect((await read(applicable)).pledged).toBeLessThanOrEqual(3 * 10_000);
  });

  it('count as spent when their process does not renew them, until it says what it really spent', async () => {
    const applicable = budget(1_000_000);
    const { limiter, redis } = await gateway(600);
    await spend(limiter, applicable, 1_000);
    await pledged(applicable, 9_990);
    await new Promise((resolve) => void setTimeout(resolve, 900));
    expect(await read(applicable)).toMatchObject({ spent: 1_000, pledged: 9_990 }); // renewed
    redis.disconnect();
    await waitUntil('the lease to run out', async () => (await read(applicable)).spent === 10_990);
    expect((await read(applicable)).pledged).toBe(0);
    await spend(limiter, applicable, 4_000);
    await redis.connect();
    await waitUntil('the settlement', async () => (await read(applicable)).spent === 5_000, { timeoutMs: 10_000 });
  });

  it('are asked for once per process and ledger, whatever many requests do', async () => {
    const applicable = budget(10_000_000);
    const { limiter } = await gateway();
    await Promise.all(Array.from({ length: 200 }, () => spend(limiter, applicable, 10)));
    await pledgedMoreThan(applicable, 0);
    await Promise.all(Array.from({ length: 200 }, () => spend(limiter, applicable, 10)));
    expect((await read(applicable)).pledged).toBeLessThanOrEqual(100_000);
    expect(await reader.zcard((await reader.keys('*:leases'))[0] ?? '')).toBe(1);
  });
});
