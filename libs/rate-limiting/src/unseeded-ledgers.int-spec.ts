import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { ledgersSeeded, markLedgersSeeded } from './ledgers-seeded.ts';
import { applicableLimit, type GivenLimit, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import { raiseLedgers } from './raise-ledgers.ts';
import type { ApplicableLimit, LimitDecision } from './rate-limiter.ts';
import { type LedgerReading, readLedgers } from './read-ledgers.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';
import { windowAt } from './window-at.ts';

const redis = new Redis(process.env.REDIS_URL ?? '', limiterRedisOptions);
beforeAll(() => once(redis, 'ready'));
afterAll(() => redis.disconnect());

const clock = { now: () => Date.now() };

describe('ledgers that a worker writes back', () => {
  let organizationId: string;
  let limiter: RedisRateLimiter;
  let admissions: string[];

  beforeEach(() => {
    organizationId = randomUUID();
    admissions = [];
    limiter = new RedisRateLimiter({
      redis,
      clock,
      fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
      instances: () => 1,
      deadlineMs: 5_000,
      onDegradedAdmission: (unit) => admissions.push(unit),
    });
  });
  afterEach(() => limiter.close());

  const limit = (given: GivenLimit): ApplicableLimit => ({ ...applicableLimit(given), organizationId, reseeded: true });
  const budget = (rest: Partial<GivenLimit> = {}): ApplicableLimit =>
    limit({ unit: 'cost', window: 'month', max: 1_000_000, ...rest });
  const take = (applicable: ApplicableLimit, amount: number): Promise<LimitDecision> =>
    limiter.reserve([{ applicable, amount }]);
  const spend = async (applicable: ApplicableLimit, amount: number): Promise<void> =>
    limiter.settle(reservationOf(await take(applicable, amount)), () => amount);
  const read = async (applicable: ApplicableLimit): Promise<LedgerReading> =>
    (await readLedgers(redis, [applicable]))[0] as LedgerReading;
  const unavailable = { allowed: false, unavailable: true, retryAfterMs: 1_000 };

  it('deny money until they are, and count everything else', async () => {
    const tokens = limit({ unit: 'tokens', window: 'month', max: 1_000 });
    const shadow = budget({ mode: 'shadow' });
    const cost = budget();
    expect(await ledgersSeeded(redis, organizationId)).toBe(false);
    expect(await take(cost, 1)).toMatchObject(unavailable);
    expect(limiter.degraded).toBe(false);
    for (const applicable of [tokens, shadow]) {
      expect(reservationOf(await take(applicable, 10)).local).toBe(false);
    }
    await markLedgersSeeded(redis, organizationId);
    expect(await ledgersSeeded(redis, organizationId)).toBe(true);
    expect(reservationOf(await take(cost, 10)).local).toBe(false);
    expect(admissions).toEqual([]);
  });

  it('are unknown also when something has been settled in them since', async () => {
    await markLedgersSeeded(redis, organizationId);
    const cost = budget();
    const running = reservationOf(await take(cost, 600_000));
    await redis.flushall();
    await limiter.settle(running, () => 500_000);
    expect(await read(cost)).toMatchObject({ spent: 500_000, missing: false });
    expect(await take(cost, 1)).toMatchObject(unavailable);
  });

  it('let a process spend its pledge, of which Redis is told at once', async () => {
    await markLedgersSeeded(redis, organizationId);
    const cost = budget();
    await spend(cost, 800_000);
    await waitUntil('a pledge', async () => (await read(cost)).pledged === 2_000);
    await redis.flushall();
    await spend(cost, 700);
    await waitUntil('what was spent', async () => (await read(cost)).spent === 700);
    await spend(cost, 900);
    expect(await take(cost, 600)).toMatchObject(unavailable);
    expect(admissions).toEqual(['cost', 'cost']);
    const { windowStartMs, spent } = await waitUntil('all that was spent', async () => {
      const reading = await read(cost);
      return reading.spent === 1_600 && reading;
    });
    await raiseLedgers(redis, [{ applicable: cost, windowStartMs, by: 801_600 - spent }]);
    await markLedgersSeeded(redis, organizationId);
    expect(reservationOf(await take(cost, 198_400)).local).toBe(false);
    expect((await take(cost, 1)).allowed).toBe(false);
    await limiter.close();
    expect(await read(cost)).toMatchObject({ spent: 801_600, reserved: 198_400, pledged: 0 });
  });

  it('go by what a limit says for that', async () => {
    const [allow, deny] = [budget({ onUnavailable: 'allow' }), budget({ onUnavailable: 'deny' })];
    await spend(allow, 700);
    expect(await take(deny, 1)).toMatchObject(unavailable);
    expect(admissions).toEqual(['cost']);
    await waitUntil('the debt', async () => (await read(allow)).spent === 700);
  });

  it.each(['calendar', 'rolling'] as const)('are read and raised: %s', async (alignment) => {
    const cost = budget({ alignment });
    const missing = await read(cost);
    const { startMs, endMs } = windowAt(cost.limit, 'UTC', Date.now());
    expect(missing).toEqual({
      applicable: cost,
      windowStartMs: startMs,
      windowEndMs: endMs,
      spent: 0,
      reserved: 0,
      pledged: 0,
      missing: true,
    });
    const raise = { applicable: cost, windowStartMs: startMs, by: 1_234_567 };
    expect(await raiseLedgers(redis, [raise])).toEqual([true]);
    expect(await raiseLedgers(redis, [{ ...raise, by: 3 }])).toEqual([true]);
    expect(await read(cost)).toMatchObject({ windowStartMs: startMs, spent: 1_234_570, missing: false });
    await markLedgersSeeded(redis, organizationId);
    expect((await take(cost, 0)).allowed).toBe(false);
    for (const key of await redis.keys(`*${organizationId}*${cost.subject}*`)) {
      expect(await redis.pttl(key)).toBeGreaterThan(0);
    }
  });

  it('are not raised for a window that is over', async () => {
    const cost = budget();
    const { startMs } = windowAt(cost.limit, 'UTC', Date.now());
    expect(await raiseLedgers(redis, [{ applicable: cost, windowStartMs: startMs - 1, by: 5 }])).toEqual([false]);
    expect((await read(cost)).missing).toBe(true);
  });

  it('are read and raised by the thousand', async () => {
    const many = Array.from({ length: 1_203 }, () => budget());
    const { startMs } = windowAt(budget().limit, 'UTC', Date.now());
    const entries = many.map((applicable, index) => ({ applicable, windowStartMs: startMs, by: index }));
    expect((await raiseLedgers(redis, entries)).every(Boolean)).toBe(true);
    expect((await readLedgers(redis, many)).map(({ spent }) => spent)).toEqual(many.map((_, index) => index));
  });

  it('refuse what is no ledger and no amount', () => {
    const rate = limit({ unit: 'tokens', window: 'minute', max: 5 });
    expect(() => readLedgers(redis, [rate])).toThrow('no ledger');
    expect(() => raiseLedgers(redis, [{ applicable: rate, windowStartMs: 0, by: 1 }])).toThrow('no ledger');
    expect(() => raiseLedgers(redis, [{ applicable: budget(), windowStartMs: 0, by: -1 }])).toThrow('no amount');
  });
});
