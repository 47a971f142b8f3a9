import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { applicableLimit, type GivenLimit, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit, LimitDecision } from './rate-limiter.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

const impatient = { retryStrategy: () => 30, disconnectTimeout: 100 };
const clock = { now: () => Date.now() };

const KINDS: Record<string, GivenLimit> = {
  'a rate': { unit: 'requests', window: 'hour', max: 2 },
  'a ledger': { unit: 'tokens', window: 'day', max: 2 },
  'a rolling ledger': { unit: 'output-tokens', window: 'week', max: 2, alignment: 'rolling' },
  money: { unit: 'cost', window: 'hour', max: 2 },
  concurrency: { unit: 'concurrency', max: 2 },
};

describe('a limit says what happens while Redis is lost', () => {
  let server: PrivateRedis;
  let redis: Redis;
  let limiter: RedisRateLimiter;
  let admissions: string[];

  beforeEach(async () => {
    server = await startPrivateRedis();
    redis = new Redis(server.url, { ...limiterRedisOptions, ...impatient });
    redis.on('error', () => undefined);
    await once(redis, 'ready');
    admissions = [];
    limiter = new RedisRateLimiter({
      redis,
      clock,
      fallback: new MemoryRateLimiter({ clock, share: () => 1 / 2 }),
      instances: () => 2,
      deadlineMs: 500,
      onDegradedAdmission: (unit) => admissions.push(unit),
    });
  });
  afterEach(async () => {
    await limiter.close();
    redis.disconnect();
    await server.dispose();
  });

  const take = (applicable: ApplicableLimit, amount = 1): Promise<LimitDecision> =>
    limiter.reserve([{ applicable, amount }]);

  it.each(Object.entries(KINDS))('allow: %s is counted, and told to Redis later', async (_kind, given) => {
    const applicable = applicableLimit({ ...given, onUnavailable: 'allow' });
    const next = applicableLimit({ ...given, onUnavailable: 'allow' });
    await server.stop();
    for (let time = 0; time < 5; time += 1) {
      const reservation = reservationOf(
        await limiter.reserve([applicable, next].map((limit) => ({ applicable: limit, amount: 1 }))),
      );
      expect(reservation.local).toBe(true);
      await limiter.settle(reservation, () => 2);
    }
    expect(admissions).toEqual(Array.from({ length: 10 }, () => given.unit));
    await server.start();
    const used = given.unit === 'concurrency' ? 0 : 10;
    await waitUntil('the debts', async () => {
      const statuses = await readLimitStatuses(redis, [applicable, next]);
      return !limiter.degraded && statuses.every((status) => status.used === used);
    });
  });

  it.each(Object.entries(KINDS))('deny: %s refuses at once, and takes nothing of the others', async (_kind, given) => {
    const applicable = applicableLimit({ ...given, onUnavailable: 'deny' });
    const other = applicableLimit({ unit: 'requests', window: 'day', max: 2 });
    expect((await take(applicable)).allowed).toBe(true);
    await server.stop();
    for (let time = 0; time < 3; time += 1) {
      const decision = await limiter.reserve([other, applicable].map((limit) => ({ applicable: limit, amount: 1 })));
      expect(decision).toMatchObject({
        allowed: false,
        unavailable: true,
        retryAfterMs: 1_000,
        exceeded: { applicable },
      });
    }
    expect((await take(other)).allowed).toBe(true);
    expect(admissions).toEqual(['requests']);
  });

  it.each(Object.entries(KINDS))('local: %s has its share, money only what was debited', async (_kind, given) => {
    const applicable = applicableLimit(given);
    await server.stop();
    const [first, second] = [await take(applicable), await take(applicable)];
    expect(first.allowed).toBe(given.unit !== 'cost');
    expect(second).toMatchObject({
      allowed: false,
      unavailable: given.unit === 'cost',
      retryAfterMs: expect.any(Number),
    });
    expect(await take(applicable, 3)).toMatchObject({ allowed: false, unavailable: false, retryAfterMs: null });
  });

  it.each(['local', 'deny', 'allow'] as const)(
    'a limit in shadow mode admits in any case: %s',
    async (onUnavailable) => {
      const limits = Object.values(KINDS).map((given) => applicableLimit({ ...given, mode: 'shadow', onUnavailable }));
      await server.stop();
      for (let time = 0; time < 4; time += 1) {
        const decision = await limiter.reserve(limits.map((applicable) => ({ applicable, amount: 1 })));
        expect(reservationOf(decision).local).toBe(true);
      }
      expect(admissions).toHaveLength(4 * limits.length);
    },
  );
});
