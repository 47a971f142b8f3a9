import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, describe, jest } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { applicableLimit } from './limiter-conformance.ts';
import type { LimitCharge } from './rate-limiter.ts';
import { readLedgers } from './read-ledgers.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { reserveInRedis, settleInRedis } from './redis-charges.ts';
import { ScriptCalls } from './script-calls.ts';

jest.setTimeout(60_000);

const redis = new Redis(process.env.REDIS_URL ?? '', limiterRedisOptions);
beforeAll(() => once(redis, 'ready'));
afterAll(() => redis.disconnect());

const calls = new ScriptCalls({ redis, deadlineMs: 5_000 });
const LIMITS = {
  calendar: { unit: 'cost', window: 'month', max: 1_000_000 },
  rolling: { unit: 'cost', window: 'month', max: 1_000_000, alignment: 'rolling' },
  places: { unit: 'concurrency', max: 1_000 },
  rate: { unit: 'tokens', window: 'hour', max: 1_000 },
} as const;
type Name = keyof typeof LIMITS;
const NAMES = ['calendar', 'rolling', 'places', 'rate'] as const satisfies Name[];
const isLedger = (name: Name): boolean => name === 'calendar' || name === 'rolling';

/** One reservation: what it takes, and whether Redis knows it. */
interface Known {
  readonly id: string;
  readonly names: readonly Name[];
  readonly amount: number;
  made: boolean;
  ended: boolean;
}

/** The limits of a run, and what they ought to have counted. */
class Model {
  readonly #limits = NAMES.map((name) => ({ name, applicable: applicableLimit(LIMITS[name]) }));
  readonly #used: Record<Name, number> = { calendar: 0, rolling: 0, places: 0, rate: 0 };

  async reserve(one: Known): Promise<void> {
    const reply = await reserveInRedis(calls, this.#hold(one), () => undefined);
    // Rates alone leave no marker and look for none.
    const refused = one.ended && one.names.some((name) => name !== 'rate');
    expect(reply[0]).toBe(refused ? 2 : 1);
    if (refused) return;
    this.#count(one, one.amount, () => true);
    one.made = true;
  }

  async withdraw(one: Known): Promise<void> {
    const [done] = await settleInRedis(calls, { ...this.#settlement(one, 0), withdrawn: true }, Date.now());
    expect(done).toBe(one.ended ? 0 : 1);
    const marked = one.names.some(isLedger);
    if (one.made && !one.ended) this.#count(one, -one.amount, (name) => marked || name !== 'rate');
    one.ended = true;
  }

  /** Rates are settled with what was reserved. */
  async settle(one: Known, actual: number): Promise<void> {
    const [done] = await settleInRedis(calls, this.#settlement(one, actual), Date.now());
    expect(done).toBe(one.ended ? 0 : 1);
    if (!one.ended) {
      if (one.made) this.#count(one, -one.amount, (name) => name !== 'rate');
      this.#count(one, actual, isLedger);
    }
    one.ended = true;
  }

  async agrees(): Promise<void> {
    const statuses = await readLimitStatuses(
      redis,
      this.#limits.map(({ applicable }) => applicable),
    );
    expect(statuses.map(({ used }) => used)).toEqual(NAMES.map((name) => this.#used[name]));
  }

  async nothingHeld(): Promise<void> {
    const ledgers = await readLedgers(
      redis,
      this.#limits.filter(({ name }) => isLedger(name)).map(({ applicable }) => applicable),
    );
    expect(ledgers.map(({ reserved, pledged }) => reserved + pledged)).toEqual([0, 0]);
    expect(this.#used.places).toBe(0);
  }

  #count({ names }: Known, amount: number, counts: (name: Name) => boolean): void {
    for (const name of names) if (counts(name)) this.#used[name] += amount;
  }

  #charges({ names, amount }: Known): LimitCharge[] {
    return this.#limits.filter(({ name }) => names.includes(name)).map(({ applicable }) => ({ applicable, amount }));
  }

  #hold(one: Known): Parameters<typeof reserveInRedis>[1] {
    const charges = this.#charges(one);
    const organizationId = charges[0]?.applicable.organizationId ?? '';
    return { id: one.id, organizationId, charges, leaseMs: 60_000, nowMs: Date.now() };
  }

  #settlement(one: Known, actual: number): Parameters<typeof settleInRedis>[1] {
    const { id, organizationId, charges } = this.#hold(one);
    const isRate = ({ applicable }: LimitCharge): boolean => applicable.limit.unit === 'tokens';
    const settled = charges.map((charge) => ({
      ...charge,
      actual: actual > 0 && isRate(charge) ? charge.amount : actual,
    }));
    return { reservationId: id, organizationId, charges: settled };
  }
}

describe('a reservation that may have been made', () => {
  const reservation = fc.record({
    names: fc.subarray([...NAMES], { minLength: 1 }),
    amount: fc.integer({ min: 1, max: 9 }),
    steps: fc.shuffledSubarray(['reserve', 'withdraw', 'withdraw-again', 'settle', 'settle-again'] as const),
    actual: fc.integer({ min: 1, max: 20 }),
    places: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  });

  it('is given back whether it was made before its withdrawal or would be after it, and otherwise counts once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(reservation, { minLength: 1, maxLength: 6 }), async (all) => {
        const model = new Model();
        const steps = all.flatMap(({ names, amount, steps: own, actual, places }) => {
          const one: Known = { id: randomUUID(), names, amount, made: false, ended: false };
          const order = places.toSorted((left, right) => left - right);
          return own.map((kind, index) => ({ kind, one, actual, place: order[index] ?? 0 }));
        });
        for (const { kind, one, actual } of steps.toSorted((left, right) => left.place - right.place)) {
          if (kind === 'reserve') await model.reserve(one);
          else if (kind.startsWith('withdraw')) await model.withdraw(one);
          else await model.settle(one, actual);
          await model.agrees();
        }
        for (const { one } of steps) await model.withdraw(one);
        await model.agrees();
        await model.nothingHeld();
      }),
      { numRuns: 150 },
    );
  });

  it.each<{ names: readonly Name[] }>([
    { names: ['calendar'] },
    { names: ['rolling'] },
    { names: ['places'] },
    { names: ['places', 'rate'] },
  ])('leaves a mark for an hour that keeps it from being made: $names', async ({ names }) => {
    const model = new Model();
    const one: Known = { id: randomUUID(), names, amount: 5, made: false, ended: false };
    await model.withdraw(one);
    const [marker = ''] = await redis.keys(`*${one.id}*`);
    expect(await redis.pttl(marker)).toBeGreaterThan(3_500_000);
    await model.reserve(one);
    await model.agrees();
  });
});
