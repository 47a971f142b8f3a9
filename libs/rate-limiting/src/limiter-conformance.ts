import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Limit, limitId } from '@penstock/contracts';
import type { ApplicableLimit, LimitDecision, RateLimiter, Reservation } from './rate-limiter.ts';

/** What the suite needs of an implementation. Holds must live {@link CONFORMANCE_LEASE_MS}. */
export interface LimiterHarness {
  readonly limiter: RateLimiter;
  /** Lets the limiter's clock go on. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

export const CONFORMANCE_LEASE_MS = 300;

/** A limit of which only what matters is said. */
export type GivenLimit = Partial<Limit> & Pick<Limit, 'unit' | 'max'>;

let subjects = 0;

/** A limit of a subject that no other test uses. */
export function applicableLimit(given: GivenLimit, timeZone = 'UTC'): ApplicableLimit {
  subjects += 1;
  const limit = Limit.parse(given);
  return {
    organizationId: '0197a3c0-0000-7000-8000-000000000001',
    subject: `key:${process.pid}-${subjects}`,
    id: limitId('quota', limit),
    quota: 'quota',
    limit,
    timeZone,
  };
}

/** The reservation of a decision that must have allowed. */
export function reservationOf(decision: LimitDecision): Reservation {
  if (!decision.allowed) throw new Error(`denied by ${decision.exceeded.applicable.id}`);
  return decision.reservation;
}

const ALIGNMENTS = ['calendar', 'rolling'] as const;
const exactly = (amount: number) => (): number => amount;

/** The rules that every {@link RateLimiter} keeps. */
export function describeRateLimiter(name: string, createHarness: () => Promise<LimiterHarness> | LimiterHarness): void {
  describe(`${name} as a rate limiter`, () => {
    let harness: LimiterHarness;
    let limiter: RateLimiter;

    beforeEach(async () => {
      await harness?.close();
      harness = await createHarness();
      limiter = harness.limiter;
    });
    afterAll(() => harness?.close());

    const take = (applicable: ApplicableLimit, amount = 1): Promise<LimitDecision> =>
      limiter.reserve([{ applicable, amount }]);

    it('admits a request without charges', async () => {
      const reservation = reservationOf(await limiter.reserve([]));
      await limiter.settle(reservation, exactly(1));
      expect(reservation.charges).toEqual([]);
    });

    it('admits a burst, then denies with the time of the next unit, then admits one more', async () => {
      const applicable = applicableLimit({ unit: 'requests', window: 'minute', max: 30, burst: 3 });
      for (const remaining of [2, 1, 0]) {
        const decision = await take(applicable);
        expect(decision.allowed).toBe(true);
        expect(decision.statuses[0]?.remaining).toBe(remaining);
      }
      const denied = await take(applicable);
      if (denied.allowed) throw new Error('admitted beyond the burst');
      expect(denied.exceeded).toMatchObject({ applicable, remaining: 0, exceeded: true });
      expect(denied.retryAfterMs).toBeGreaterThan(0);
      expect(denied.retryAfterMs).toBeLessThanOrEqual(2_000);
      await harness.advance(denied.retryAfterMs ?? 0);
      expect((await take(applicable)).allowed).toBe(true);
      expect((await take(applicable)).allowed).toBe(false);
    });

    it('takes the whole maximum of an uneven rate at once', async () => {
      const applicable = applicableLimit({ unit: 'requests', window: 'hour', max: 7 });
      for (let unit = 0; unit < 7; unit += 1) expect((await take(applicable)).allowed).toBe(true);
      expect((await take(applicable)).allowed).toBe(false);
    });

    it.each([
      { unit: 'tokens', window: 'minute', max: 100, burst: 50 },
      { unit: 'tokens', window: 'minute', max: 100, burst: 50, estimate: 'hard' },
      { unit: 'tokens', window: 'day', max: 50 },
      { unit: 'cost', window: 'hour', max: 50, alignment: 'rolling', estimate: 'hard' },
      { unit: 'concurrency', max: 50 },
    ] as const)('says that more than the limit can never fit: %j', async (limit) => {
      const decision = await take(applicableLimit(limit), 51);
      expect(decision).toMatchObject({ allowed: false, retryAfterMs: null, unavailable: false });
    });

    it.each(ALIGNMENTS)('takes all charges or none: %s', async (alignment) => {
      const wide = applicableLimit({ unit: 'tokens', window: 'hour', max: 1_000 });
      const ledger = applicableLimit({ unit: 'cost', window: 'day', max: 1_000, alignment });
      const narrow = applicableLimit({ unit: 'requests', window: 'hour', max: 1 });
      const charges = [wide, ledger, narrow].map((applicable) => ({
        applicable,
        amount: applicable === narrow ? 1 : 400,
      }));
      expect((await limiter.reserve(charges)).allowed).toBe(true);
      const denied = await limiter.reserve(charges);
      expect(denied).toMatchObject({ allowed: false, exceeded: { applicable: narrow } });
      expect(denied.statuses.map(({ remaining }) => remaining)).toEqual([600, 600, 0]);
    });

    it('moves a rate by what was really used, also into debt', async () => {
      const applicable = applicableLimit({ unit: 'tokens', window: 'hour', max: 1_000 });
      await limiter.settle(reservationOf(await take(applicable, 600)), exactly(100));
      expect((await take(applicable, 0)).statuses[0]?.remaining).toBe(900);
      await limiter.settle(reservationOf(await take(applicable, 500)), exactly(1_500));
      const decision = await take(applicable, 1);
      expect(decision.allowed).toBe(false);
      expect(decision.statuses[0]?.resetAfterMs).toBeGreaterThan(1.59 * 3_600_000);
    });

    it('settles once however often it is called', async () => {
      const limits = [
        applicableLimit({ unit: 'tokens', window: 'hour', max: 1_000 }),
        applicableLimit({ unit: 'tokens', window: 'month', max: 1_000 }),
        applicableLimit({ unit: 'tokens', window: 'day', max: 1_000, alignment: 'rolling' }),
      ];
      const charges = limits.map((applicable) => ({ applicable, amount: 500 }));
      const reservation = reservationOf(await limiter.reserve(charges));
      for (let time = 0; time < 3; time += 1) await limiter.settle({ ...reservation }, exactly(400));
      const { statuses } = await limiter.reserve(limits.map((applicable) => ({ applicable, amount: 0 })));
      expect(statuses.map(({ remaining }) => remaining)).toEqual([600, 600, 600]);
    });

    it.each(ALIGNMENTS)('counts an explicit zero as nothing: %s', async (alignment) => {
      const applicable = applicableLimit({ unit: 'cost', window: 'month', max: 100, alignment });
      await limiter.settle(reservationOf(await take(applicable, 100)), exactly(0));
      expect((await take(applicable, 100)).allowed).toBe(true);
    });

    it.each(ALIGNMENTS)('keeps the estimate where the used amount is nonsense: %s', async (alignment) => {
      const applicable = applicableLimit({ unit: 'cost', window: 'month', max: 100, alignment });
      await limiter.settle(reservationOf(await take(applicable, 60)), exactly(Number.NaN));
      await limiter.settle(reservationOf(await take(applicable, 30)), exactly(-5));
      expect((await take(applicable, 0)).statuses[0]?.remaining).toBe(10);
    });

    it.each(ALIGNMENTS)(
      'counts a lease that ran out as spent, and corrects it with a late settlement: %s',
      async (alignment) => {
        const applicable = applicableLimit({ unit: 'cost', window: 'month', max: 100, alignment });
        const reservation = reservationOf(await take(applicable, 80));
        await harness.advance(CONFORMANCE_LEASE_MS + 20);
        expect((await take(applicable, 30)).allowed).toBe(false);
        await limiter.settle(reservation, exactly(10));
        expect((await take(applicable, 90)).allowed).toBe(true);
      },
    );

    it('keeps a lease that is renewed', async () => {
      const applicable = applicableLimit({ unit: 'concurrency', max: 1 });
      const ledgers = ALIGNMENTS.map((alignment) =>
        applicableLimit({ unit: 'cost', window: 'hour', max: 100, alignment }),
      );
      const all = [applicable, ...ledgers].map((limit) => ({ applicable: limit, amount: 1 }));
      const reservation = reservationOf(await limiter.reserve(all));
      await harness.advance(CONFORMANCE_LEASE_MS - 100);
      await limiter.renew(reservation);
      await harness.advance(CONFORMANCE_LEASE_MS - 100);
      expect((await take(applicable)).allowed).toBe(false);
      await limiter.settle(reservation, exactly(7));
      const { statuses } = await limiter.reserve(all.map((charge) => ({ ...charge, amount: 0 })));
      expect(statuses.map(({ remaining }) => remaining)).toEqual([1, 93, 93]);
    });

    it('frees a concurrent place with the settlement, or when its lease runs out', async () => {
      const applicable = applicableLimit({ unit: 'concurrency', max: 2 });
      const first = reservationOf(await take(applicable));
      await take(applicable);
      expect(await take(applicable)).toMatchObject({ allowed: false, unavailable: false });
      await limiter.settle(first, exactly(1));
      expect((await take(applicable)).allowed).toBe(true);
      expect((await take(applicable)).allowed).toBe(false);
      await harness.advance(CONFORMANCE_LEASE_MS + 20);
      expect((await take(applicable)).statuses[0]?.remaining).toBe(1);
    });

    it('counts and reports a shadow limit, but never denies by it', async () => {
      const shadows = [
        applicableLimit({ unit: 'requests', window: 'hour', max: 1, mode: 'shadow' }),
        applicableLimit({ unit: 'requests', window: 'day', max: 1, mode: 'shadow' }),
        applicableLimit({ unit: 'concurrency', max: 1, mode: 'shadow' }),
      ];
      const charges = shadows.map((applicable) => ({ applicable, amount: 1 }));
      expect((await limiter.reserve(charges)).statuses.map(({ exceeded }) => exceeded)).toEqual([false, false, false]);
      const second = await limiter.reserve(charges);
      expect(second.allowed).toBe(true);
      expect(second.statuses).toEqual(
        shadows.map((applicable) => expect.objectContaining({ applicable, remaining: 0, exceeded: true })),
      );
    });

    it('does not let the debt of a shadow rate grow beyond its burst', async () => {
      const applicable = applicableLimit({ unit: 'requests', window: 'second', max: 10, mode: 'shadow' });
      for (let time = 0; time < 40; time += 1) await take(applicable);
      expect((await take(applicable)).statuses[0]?.resetAfterMs).toBeLessThanOrEqual(1_000);
    });

    it('keeps counters of subjects, quotas and windows apart', async () => {
      const one = applicableLimit({ unit: 'requests', window: 'hour', max: 1 });
      const other = { ...one, subject: `${one.subject}-other` };
      const longer = applicableLimit({ unit: 'requests', window: 'day', max: 1 });
      for (const applicable of [one, other, longer]) expect((await take(applicable)).allowed).toBe(true);
      for (const applicable of [one, other, longer]) expect((await take(applicable)).allowed).toBe(false);
    });

    it.each(ALIGNMENTS)('is exact with the largest limits: %s', async (alignment) => {
      const max = 9_000_000_000_000;
      const ledger = applicableLimit({ unit: 'cost', window: 'month', max, alignment });
      await limiter.settle(reservationOf(await take(ledger, max - 1)), exactly(max - 2));
      expect((await take(ledger, 2)).statuses[0]?.remaining).toBe(0);
      expect((await take(ledger, 1)).allowed).toBe(false);
      const rate = applicableLimit({ unit: 'tokens', window: 'hour', max });
      expect((await take(rate, max)).allowed).toBe(true);
    });

    it('admits exactly what fits of many at once', async () => {
      const applicable = applicableLimit({ unit: 'tokens', window: 'day', max: 100 });
      const decisions = await Promise.all(Array.from({ length: 50 }, () => take(applicable, 5)));
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(20);
    });

    it('refuses charges that no limiter could take as one', async () => {
      const applicable = applicableLimit({ unit: 'requests', window: 'hour', max: 9 });
      const foreign = { ...applicable, organizationId: '0197a3c0-0000-7000-8000-000000000002', subject: 'key:foreign' };
      const charge = (limit: ApplicableLimit, amount = 1) => ({ applicable: limit, amount });
      await expect(limiter.reserve([charge(applicable), charge(applicable)])).rejects.toThrow('charged twice');
      await expect(limiter.reserve([charge(applicable), charge(foreign)])).rejects.toThrow('two organizations');
      await expect(limiter.reserve([charge(applicable, 0.5)])).rejects.toThrow('no amount');
      await expect(limiter.reserve([charge(applicable, -1)])).rejects.toThrow('no amount');
    });
  });
}
