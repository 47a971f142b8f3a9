import { expect } from '@jest/globals';
import fc from 'fast-check';
import { applicableLimit } from './limiter-conformance.ts';
import type { ApplicableLimit, RateLimiter, Reservation } from './rate-limiter.ts';

/** What the ledger's property needs of an implementation; both limiters count in the same ledgers. */
export interface LedgerHarness {
  readonly lasting: RateLimiter;
  /** Its holds run out when {@link LedgerHarness.expire} resolves. */
  readonly shortLived: RateLimiter;
  expire(): Promise<void>;
}

type Step =
  | { readonly kind: 'reserve'; readonly amount: number; readonly lasting: boolean }
  | { readonly kind: 'settle'; readonly which: number; readonly percent: number }
  | { readonly kind: 'settle-again'; readonly which: number; readonly percent: number }
  | { readonly kind: 'expire' };

interface Held {
  readonly reservation: Reservation;
  readonly amount: number;
  readonly lasting: boolean;
  settled: boolean;
  /** What it counts for in the ledger now. */
  counts: number;
}

const MAX = 1_000;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('reserve' as const), amount: fc.nat(400), lasting: fc.boolean() }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(), percent: fc.nat(100) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('settle-again' as const), which: fc.nat(), percent: fc.nat(100) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
  ),
  { minLength: 5, maxLength: 40 },
);

/**
 * Runs random reservations, settlements (also late and repeated ones) and expiries against a ledger and a model of it: after
 * every step both agree on what is left, and spent + reserved never exceeds the limit.
 */
export function checkLedger(harness: LedgerHarness, alignment: 'calendar' | 'rolling', numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const applicable = applicableLimit({ unit: 'cost', window: 'month', max: MAX, alignment });
      const held: Held[] = [];
      for (const step of run) {
        await take(step, { harness, applicable, held });
        const { statuses } = await harness.lasting.reserve([{ applicable, amount: 0 }]);
        const used = held.reduce((sum, { counts }) => sum + counts, 0);
        expect(used).toBeLessThanOrEqual(MAX);
        expect(statuses[0]?.remaining).toBe(MAX - used);
      }
    }),
    { numRuns },
  );
}

interface Ledger {
  readonly harness: LedgerHarness;
  readonly applicable: ApplicableLimit;
  readonly held: Held[];
}

async function take(step: Step, { harness, applicable, held }: Ledger): Promise<void> {
  if (step.kind === 'expire') {
    await harness.expire(); // what ran out counts with its whole amount, as it did while it was held
  } else if (step.kind === 'reserve') {
    const used = held.reduce((sum, { counts }) => sum + counts, 0);
    const limiter = step.lasting ? harness.lasting : harness.shortLived;
    const decision = await limiter.reserve([{ applicable, amount: step.amount }]);
    expect(decision.allowed).toBe(used + step.amount <= MAX);
    if (!decision.allowed) return;
    const { reservation } = decision;
    held.push({ reservation, amount: step.amount, lasting: step.lasting, settled: false, counts: step.amount });
  } else {
    const again = step.kind === 'settle-again';
    const candidates = held.filter(({ settled }) => settled === again);
    const entry = candidates[step.which % Math.max(1, candidates.length)];
    if (!entry) return;
    const actual = Math.floor((entry.amount * step.percent) / 100);
    await (entry.lasting ? harness.lasting : harness.shortLived).settle({ ...entry.reservation }, () => actual);
    if (!again) Object.assign(entry, { settled: true, counts: actual });
  }
}
