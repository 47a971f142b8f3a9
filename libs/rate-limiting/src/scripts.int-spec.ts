import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { calendarBoundaries } from './calendar-boundaries.ts';
import { checkLedger } from './ledger-conformance.ts';
import type { LedgerWindow } from './limit-kind.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { applicableLimit, reservationOf } from './limiter-conformance.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

jest.setTimeout(30_000);

const redis = new Redis(process.env.REDIS_URL ?? '', limiterRedisOptions);
beforeAll(() => once(redis, 'ready'));
afterAll(() => redis.disconnect());

const clock = { now: () => Date.now() };
const limiterWith = (leaseMs: number): RedisRateLimiter =>
  new RedisRateLimiter({
    redis,
    clock,
    fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
    instances: () => 1,
    deadlineMs: 5_000,
    leaseMs,
    pledges: false,
  });

describe('the scripts', () => {
  it('choose the window by their own clock, and refuse a caller whose clock is off by more than one', async () => {
    const source = readFileSync(new URL('./scripts/limit-state.lua', import.meta.url), 'utf8');
    const script = `${source}\nnow_ms = tonumber(ARGV[2]) return {calendar_window(ARGV[1], ARGV[3], ARGV[4])}`;
    const windows = fc.constantFrom<LedgerWindow>('hour', 'day', 'week', 'month');
    const zones = fc.constantFrom('UTC', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const times = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
    await fc.assert(
      fc.asyncProperty(
        windows,
        zones,
        times,
        fc.integer({ min: -200, max: 200 }),
        async (window, zone, ms, percent) => {
          const boundaries = calendarBoundaries(window, zone, ms);
          const redisMs = ms + Math.round(((boundaries[2] - boundaries[1]) * percent) / 100);
          const [previousMs, startMs, endMs, afterMs] = boundaries;
          const answer = redis.eval(script, 0, startMs, redisMs, endMs, `:${previousMs}:${afterMs}`);
          const outside = redisMs < boundaries[0] || redisMs >= boundaries[3];
          if (outside) await expect(answer).rejects.toThrow('more than a window');
          else expect(await answer).toEqual(calendarBoundaries(window, zone, redisMs).slice(1, 3));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['calendar', 'rolling'] as const)('keep a %s ledger that agrees with its model', async (alignment) => {
    const shortLived = limiterWith(1);
    const expire = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 3));
    await checkLedger({ lasting: limiterWith(60_000), shortLived, expire }, alignment, 100);
  });

  it('give every key an end', async () => {
    await redis.flushall();
    const limiter = limiterWith(60_000);
    const limits = [
      { unit: 'requests', window: 'minute', max: 5 },
      { unit: 'tokens', window: 'day', max: 5 },
      { unit: 'cost', window: 'month', max: 5, alignment: 'rolling' },
      { unit: 'concurrency', max: 5 },
    ] as const;
    const charges = limits.map((limit) => ({ applicable: applicableLimit(limit), amount: 2 }));
    await limiter.settle(reservationOf(await limiter.reserve(charges)), () => 1);
    await limiter.reserve(charges);
    const keys = await redis.keys('*');
    expect(keys.length).toBeGreaterThanOrEqual(7);
    for (const key of keys) expect({ key, ends: (await redis.pttl(key)) > 0 }).toEqual({ key, ends: true });
  });

  it('touch one slot of a cluster for an organization', async () => {
    const keys = await redis.keys('penstock:limit:*');
    expect(new Set(keys.map((key) => /\{([^}]+)\}/.exec(key)?.[1])).size).toBe(1);
  });
});

describe('the status of limits', () => {
  it('is read without changing anything', async () => {
    const limiter = limiterWith(60_000);
    const rate = applicableLimit({ unit: 'tokens', window: 'hour', max: 1_000, burst: 500 });
    const ledger = applicableLimit({ unit: 'cost', window: 'month', max: 1_000 });
    const running = applicableLimit({ unit: 'concurrency', max: 3 });
    const untouched = applicableLimit({ unit: 'requests', window: 'day', max: 9 });
    await limiter.reserve([
      { applicable: rate, amount: 200 },
      { applicable: ledger, amount: 300 },
      { applicable: running, amount: 1 },
    ]);
    const before = await redis.dbsize();
    const read = await readLimitStatuses(redis, [rate, ledger, running, untouched]);
    expect(read.map(({ used, remaining }) => [used, remaining])).toEqual([
      [200, 300],
      [300, 700],
      [1, 2],
      [0, 9],
    ]);
    expect(await redis.dbsize()).toBe(before);
    expect(await readLimitStatuses(redis, [])).toEqual([]);
  });
});
