import { expect } from '@jest/globals';
import fc from 'fast-check';
import { applicableLimit } from './limiter-conformance.ts';
import type { ApplicableLimit, RateLimiter, Reservation } from './rate-limiter.ts';
import { ROLLING_SLICES, ROLLING_WINDOW_MS, rollingSliceMs } from './rolling-slices.ts';

/** What the rolling window's property needs of an implementation. */
export interface RollingHarness {
  readonly limiter: RateLimiter;
  /** The limiter's time, in ms since 1970. */
  now(): number;
  advance(ms: number): void;
}

/** How long holds have to live. */
export const ROLLING_LEASE_MS = 7 * 60_000;

const MAX = 1_000;
const WINDOW_MS = ROLLING_WINDOW_MS.hour;
const SLICE_MS = rollingSliceMs('hour');

type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'reserve'; readonly amount: number }
  | { readonly kind: 'settle'; readonly which: number; readonly percent: number };

interface Admitted {
  readonly reservation: Reservation;
  readonly atMs: number;
  readonly amount: number;
  settled: boolean;
  counts: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(WINDOW_MS / 4) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constant(SLICE_MS) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('reserve' as const), amount: fc.nat(600) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(), percent: fc.nat(100) }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

/**
 * Runs random reservations, settlements and waits against a rolling ledger. In any span of the window's length what was admitted
 * counts for at most the limit; and the ledger admits all that its slices leave room for, and says truly when there is room.
 */
export function checkRollingWindow(harness: RollingHarness, numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const applicable = applicableLimit({ unit: 'cost', window: 'hour', max: MAX, alignment: 'rolling' });
      const admitted: Admitted[] = [];
      for (const step of run) await take(step, { harness, applicable, admitted });
      for (const { atMs } of admitted) expect(spentWithin(admitted, atMs - WINDOW_MS, atMs)).toBeLessThanOrEqual(MAX);
    }),
    { numRuns },
  );
}

interface Run {
  readonly harness: RollingHarness;
  readonly applicable: ApplicableLimit;
  readonly admitted: Admitted[];
}

async function take(step: Step, { harness, applicable, admitted }: Run): Promise<void> {
  if (step.kind === 'wait') {
    harness.advance(step.ms);
  } else if (step.kind === 'reserve') {
    const nowMs = harness.now();
    const decision = await harness.limiter.reserve([{ applicable, amount: step.amount }]);
    expect(decision.allowed).toBe(countedAt(admitted, nowMs) + step.amount <= MAX);
    if (decision.allowed) {
      const { reservation } = decision;
      admitted.push({ reservation, atMs: nowMs, amount: step.amount, settled: false, counts: step.amount });
    } else if (!admitted.some((one) => isHeld(one, nowMs))) {
      const thenMs = nowMs + (decision.retryAfterMs ?? Infinity);
      expect(countedAt(admitted, thenMs) + step.amount).toBeLessThanOrEqual(MAX);
      expect(countedAt(admitted, thenMs - 1) + step.amount).toBeGreaterThan(MAX);
    }
  } else {
    const open = admitted.filter(({ settled }) => !settled);
    const entry = open[step.which % Math.max(1, open.length)];
    if (!entry) return;
    const actual = Math.floor((entry.amount * step.percent) / 100);
    await harness.limiter.settle(entry.reservation, () => actual);
    Object.assign(entry, { settled: true, counts: actual });
  }
}

function isHeld({ settled, atMs }: Admitted, nowMs: number): boolean {
  return !settled && nowMs < atMs + ROLLING_LEASE_MS;
}

/** The ledger's rule: what is held, and what was reserved in a slice that overlaps the window. */
function countedAt(admitted: readonly Admitted[], nowMs: number): number {
  const oldest = Math.floor(nowMs / SLICE_MS) - ROLLING_SLICES;
  return admitted
    .filter((one) => isHeld(one, nowMs) || Math.floor(one.atMs / SLICE_MS) >= oldest)
    .reduce((sum, { counts }) => sum + counts, 0);
}

/** What was admitted after one time and not after another. */
function spentWithin(admitted: readonly Admitted[], afterMs: number, untilMs: number): number {
  return admitted.filter(({ atMs }) => atMs > afterMs && atMs <= untilMs).reduce((sum, { counts }) => sum + counts, 0);
}
