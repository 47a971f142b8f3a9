import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { beginLedgerReseed, finishLedgerReseed, ledgersSeeded, markLedgersSeeded } from './ledgers-seeded.ts';
import { applicableLimit, type GivenLimit, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import type { ApplicableLimit, Reservation } from './rate-limiter.ts';
import { readLedgers } from './read-ledgers.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';

jest.setTimeout(60_000);

const redis = new Redis(process.env.REDIS_URL ?? '', limiterRedisOptions);
beforeAll(() => once(redis, 'ready'));
afterAll(() => redis.disconnect());

const clock = { now: () => Date.now() };
const MAX = 1_000_000;
const ALIGNMENTS = ['calendar', 'rolling'] as const;

describe('what is held when Redis loses its data', () => {
  let organizationId: string;
  let limiter: RedisRateLimiter;
  let unseeded: number;

  const createLimiter = (given: { leaseMs?: number; pledges?: boolean } = {}): RedisRateLimiter =>
    new RedisRateLimiter({
      redis,
      clock,
      fallback: new MemoryRateLimiter({ clock, share: () => 1 }),
      instances: () => 1,
      deadlineMs: 5_000,
      pledges: false,
      onUnseeded: () => (unseeded += 1),
      ...given,
    });
  beforeEach(() => {
    organizationId = randomUUID();
    unseeded = 0;
    limiter = createLimiter();
  });
  afterEach(() => limiter.close());

  const limit = (given: GivenLimit): ApplicableLimit => ({ ...applicableLimit(given), organizationId });
  const budget = (rest: Partial<GivenLimit> = {}): ApplicableLimit =>
    limit({ unit: 'cost', window: 'month', max: MAX, ...rest });
  const take = async (applicable: ApplicableLimit, amount: number): Promise<Reservation> =>
    reservationOf(await limiter.reserve([{ applicable, amount }]));
  const read = async (applicable: ApplicableLimit) => {
    const [{ spent, reserved, pledged } = { spent: -1, reserved: -1, pledged: -1 }] = await readLedgers(redis, [
      applicable,
    ]);
    return { spent, reserved, pledged };
  };
  const state = (spent: number, reserved: number, pledged = 0) => ({ spent, reserved, pledged });

  it.each(ALIGNMENTS)('is held again by a renewal, once, and settled exactly: %s', async (alignment) => {
    const cost = budget({ alignment });
    const running = await take(cost, 700);
    await redis.flushall();
    expect(await read(cost)).toEqual(state(0, 0));
    for (let time = 0; time < 3; time += 1) {
      await limiter.renew(running);
      expect(await read(cost)).toEqual(state(0, 700));
    }
    for (let time = 0; time < 2; time += 1) {
      await limiter.settle(running, () => 400);
      expect(await read(cost)).toEqual(state(400, 0));
      await limiter.renew(running);
    }
    expect(await read(cost)).toEqual(state(400, 0));
  });

  it.each(ALIGNMENTS)('counts as spent when it is held again and its lease runs out: %s', async (alignment) => {
    await limiter.close();
    limiter = createLimiter({ leaseMs: 150 });
    const cost = budget({ alignment });
    const running = await take(cost, 700);
    await redis.flushall();
    await limiter.renew(running);
    await sleep(200);
    expect(await read(cost)).toEqual(state(700, 0));
    await limiter.renew(running);
    expect(await read(cost)).toEqual(state(700, 0));
    await limiter.settle(running, () => 100);
    expect(await read(cost)).toEqual(state(100, 0));
  });

  it.each(ALIGNMENTS)('is not held again where its window is over: %s', async (alignment) => {
    const cost = budget({ window: 'hour', alignment });
    const running = { ...(await take(cost, 700)), reservedAtMs: Date.now() - 3 * 3_600_000 };
    await redis.flushall();
    await limiter.renew(running);
    await limiter.settle(running, () => 500);
    expect(await read(cost)).toEqual(state(0, 0));
  });

  it('has its concurrent places again, with a ledger or without, but its rates are not charged again', async () => {
    const [places, alone] = [limit({ unit: 'concurrency', max: 3 }), limit({ unit: 'concurrency', max: 3 })];
    const rate = limit({ unit: 'requests', window: 'hour', max: 9 });
    const charges = [places, rate, budget()].map((applicable) => ({ applicable, amount: 2 }));
    const running = [reservationOf(await limiter.reserve(charges)), await take(alone, 2)];
    await redis.flushall();
    for (const one of running) await limiter.renew(one);
    const used = async () => (await readLimitStatuses(redis, [places, alone, rate])).map((status) => status.used);
    expect(await used()).toEqual([2, 2, 0]);
    for (const one of running) await limiter.settle(one, () => 2);
    for (const one of running) await limiter.renew(one);
    expect(await used()).toEqual([0, 0, 0]);
  });

  it('is restored as a whole: what runs and what was put aside, and nothing that has ended', async () => {
    await limiter.close();
    limiter = createLimiter({ pledges: true });
    const cost = budget();
    const running = await Promise.all(Array.from({ length: 250 }, () => take(cost, 10)));
    for (const one of running.slice(0, 50)) await limiter.settle({ ...one }, () => 10);
    let pledged = 0;
    while (pledged === 0) ({ pledged } = await read(cost));
    await redis.flushall();
    await limiter.restore();
    await Promise.all([limiter.restore(), limiter.restore()]);
    expect(await read(cost)).toEqual(state(0, 2_000, pledged));
    for (const one of running.slice(50)) await limiter.settle(one, () => 7);
    expect(await read(cost)).toEqual(state(200 * 7, 0, pledged));
    await limiter.close();
    expect(await read(cost)).toEqual(state(200 * 7, 0));
  });

  it('is restored by itself when a budget turns out to be unknown', async () => {
    await markLedgersSeeded(redis, organizationId);
    const cost = { ...budget(), reseeded: true };
    const running = await take(cost, 900);
    await redis.flushall();
    for (let time = 0; time < 3; time += 1) {
      expect(await limiter.reserve([{ applicable: cost, amount: 1 }])).toMatchObject({ unavailable: true });
    }
    while ((await read(cost)).reserved !== 900) await sleep(5);
    expect(unseeded).toBe(1);
    await limiter.settle(running, () => 1);
  });

  it.each(ALIGNMENTS)('agrees with its model however often that happens: %s', async (alignment) => {
    const command = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('reserve'), amount: fc.nat(500), of: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose'), amount: fc.nat(0), of: fc.nat() }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('renew'), amount: fc.nat(0), of: fc.nat() }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle'), amount: fc.nat(600), of: fc.nat() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        const cost = budget({ alignment });
        const model: { reservation: Reservation; amount: number; held: boolean; settled: boolean }[] = [];
        let spent = 0;
        for (const { kind, amount, of } of commands) {
          const one = model[of % Math.max(1, model.length)];
          if (kind === 'reserve') {
            model.push({ reservation: await take(cost, amount), amount, held: true, settled: false });
          } else if (kind === 'lose') {
            await redis.flushall();
            spent = 0;
            // Nobody renews what was settled before.
            model.splice(0, model.length, ...model.filter(({ settled }) => !settled));
            for (const each of model) each.held = false;
          } else if (kind === 'renew' && one) {
            await limiter.renew(one.reservation);
            one.held = !one.settled;
          } else if (kind === 'settle' && one) {
            await limiter.settle(one.reservation, () => amount);
            if (!one.settled) spent += amount;
            Object.assign(one, { held: false, settled: true });
          }
          const reserved = model.reduce((sum, each) => sum + (each.held ? each.amount : 0), 0);
          expect(await read(cost)).toEqual(state(spent, reserved));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the end of a reseed', () => {
  it('is not told to a Redis that lost its data since it began, nor by an attempt that another one replaced', async () => {
    const organizationId = randomUUID();
    await beginLedgerReseed(redis, organizationId, 'first');
    await redis.flushall();
    expect(await finishLedgerReseed(redis, organizationId, 'first')).toBe(false);
    await beginLedgerReseed(redis, organizationId, 'second');
    await beginLedgerReseed(redis, organizationId, 'third');
    expect(await finishLedgerReseed(redis, organizationId, 'second')).toBe(false);
    expect(await ledgersSeeded(redis, organizationId)).toBe(false);
    expect(await finishLedgerReseed(redis, organizationId, 'third')).toBe(true);
    expect(await ledgersSeeded(redis, organizationId)).toBe(true);
  });
});
