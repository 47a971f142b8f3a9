import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { applicableLimit, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit, RateLimiter } from './rate-limiter.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';
import { checkRollingWindow, ROLLING_LEASE_MS } from './rolling-conformance.ts';
import { timedRedis } from './timed-redis.ts';

const redis = new Redis(process.env.REDIS_URL ?? '', limiterRedisOptions);
beforeAll(() => once(redis, 'ready'));
afterAll(() => redis.disconnect());

/** Ahead of any clock that runs these tests. */
let nowMs = Date.UTC(2090, 5, 14, 12);
const clock = { now: () => nowMs };
const advance = (ms: number): void => {
  nowMs += ms;
};
const leaseMs = ROLLING_LEASE_MS;
const fallback = new MemoryRateLimiter({ clock, share: () => 1 });
const limiters: Record<string, RateLimiter> = {
  memory: new MemoryRateLimiter({ clock, share: () => 1, leaseMs }),
  Redis: new RedisRateLimiter({
    redis: timedRedis(redis, clock),
    clock,
    fallback,
    instances: () => 1,
    deadlineMs: 5_000,
    leaseMs,
    pledges: false,
  }),
};

describe.each(Object.entries(limiters))('ledgers in %s as time goes by', (name, limiter) => {
  afterAll(() => limiter.close());

  const left = async (applicable: ApplicableLimit): Promise<number | undefined> =>
    (await limiter.reserve([{ applicable, amount: 0 }])).statuses[0]?.remaining;

  it('hold a rolling window to its limit in any span, and give all that its slices leave', async () => {
    await checkRollingWindow({ limiter, now: clock.now, advance }, name === 'memory' ? 500 : 60);
  });

  it('begin a calendar window with the time zone, and leave to the old one what was reserved in it', async () => {
    nowMs = Date.parse('2090-03-25T22:59:30Z'); // half a minute before the Sunday on which Berlin puts its clocks forward
    const applicable = applicableLimit({ unit: 'tokens', window: 'day', max: 100 }, 'Europe/Berlin');
    const old = await limiter.reserve([{ applicable, amount: 100 }]);
    const denied = await limiter.reserve([{ applicable, amount: 1 }]);
    expect(denied).toMatchObject({ allowed: false, retryAfterMs: 1_000 });
    expect(denied.statuses[0]?.resetAfterMs).toBe(30_000);
    advance(30_000);
    expect(await left(applicable)).toBe(100);
    await limiter.settle(reservationOf(old), () => 90);
    const { statuses } = await limiter.reserve([{ applicable, amount: 40 }]);
    expect(statuses[0]).toMatchObject({ remaining: 60, resetAfterMs: 23 * 3_600_000 });
  });

  it('do not forget what was spent when the time zone is changed', async () => {
    nowMs = Date.parse('2090-06-10T03:00:00Z');
    const utc = applicableLimit({ unit: 'cost', window: 'month', max: 100 });
    await limiter.settle(reservationOf(await limiter.reserve([{ applicable: utc, amount: 80 }])), () => 80);
    const newYork = { ...utc, timeZone: 'America/New_York' };
    const auckland = { ...utc, timeZone: 'Pacific/Auckland' };
    for (const applicable of [newYork, auckland, utc]) expect(await left(applicable)).toBe(20);
    nowMs = Date.parse('2090-07-01T00:00:00Z'); // July in UTC, June in New York, whose window goes on
    expect(await left(newYork)).toBe(20);
    nowMs = Date.parse('2090-07-01T04:00:00Z');
    expect(await left(newYork)).toBe(100);
  });

  it('stay in their window when the clock goes back', async () => {
    nowMs = Date.parse('2090-06-10T00:00:10Z');
    const applicable = applicableLimit({ unit: 'cost', window: 'day', max: 100 });
    await limiter.settle(reservationOf(await limiter.reserve([{ applicable, amount: 80 }])), () => 80);
    advance(-60_000);
    expect(await left(applicable)).toBe(20);
    advance(120_000);
    expect(await left(applicable)).toBe(20);
  });
});
