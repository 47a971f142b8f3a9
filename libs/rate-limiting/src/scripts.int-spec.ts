import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { calendarWindow } from './calendar-window.ts';
import { checkLedger } from './ledger-conformance.ts';
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
  });

describe('the scripts', () => {
  it('cut the calendar as the rest of the system does', async () => {
    const source = readFileSync(new URL('./scripts/limit-state.lua', import.meta.url), 'utf8');
    const script = `${source}\nlocal s, e = calendar_window(ARGV[1], tonumber(ARGV[2])) return {integer(s), integer(e)}`;
    const windows = fc.constantFrom('hour', 'day', 'week', 'month');
    const times = fc.integer({ min: 0, max: Date.UTC(2199, 11, 31) });
    await fc.assert(
      fc.asyncProperty(windows, times, async (window, ms) => {
        const { startMs, endMs } = calendarWindow(window, ms);
        expect(await redis.eval(script, 0, window, ms)).toEqual([String(startMs), String(endMs)]);
      }),
      { numRuns: 500 },
    );
  });

  it('keep a ledger that agrees with its model, whatever happens in whatever order', async () => {
    const shortLived = limiterWith(1);
    const expire = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 3));
    await checkLedger({ lasting: limiterWith(60_000), shortLived, expire }, 100);
  });

  it('give every key an end', async () => {
    await redis.flushall();
    const limiter = limiterWith(60_000);
    const charges = [
      { unit: 'requests', window: 'minute', max: 5 },
      { unit: 'tokens', window: 'day', max: 5 },
      { unit: 'concurrency', max: 5 },
    ].map((limit) => ({ applicable: applicableLimit(limit), amount: 2 }));
    await limiter.settle(reservationOf(await limiter.reserve(charges)), () => 1);
    await limiter.reserve(charges);
    const keys = await redis.keys('*');
    expect(keys.length).toBeGreaterThanOrEqual(5);
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
