import { holdsUpperBound, isLedgerLimit } from '@penstock/contracts';
import type { ApplicableLimit, LimitCharge, LimitStatus } from '../rate-limiter.ts';
import { amountOf, type Consumption } from './estimate-charges.ts';
import { type Denial, deniersOf } from './limit-refusal.ts';
import { shrinkWithin } from './shrink-output.ts';
import type { UpperBound } from './upper-bound.ts';

/** How a denied request can be held all the same. */
export interface LowerHold {
  /** The most tokens of one answer; undefined: as before. */
  readonly outputBound: number | undefined;
  /** What is held at most of soft ledgers that have less left than the request will probably use. */
  readonly caps: ReadonlyMap<ApplicableLimit, number>;
}

/**
 * What to hold where that is all it takes: answers that are short enough for hard limits, and of soft ledgers what they have left,
 * so that a window can be used to its end. What is used beyond that is an under-estimate of a soft limit like any other. Null when
 * a limit denies that is neither, or that has not even enough left for `least`, the request without its answer. `most`: null
 * where nothing bounds the output.
 */
export function lowerHold(denial: Denial, most: UpperBound | null, least: Consumption): LowerHold | null {
  if (denial.unavailable) return null;
  const deniers = deniersOf(denial);
  const soft = deniers.filter(isSoftLedger);
  if (!soft.every(({ applicable, remaining }) => hasEnough(remaining, amountOf(applicable.limit.unit, least))))
    return null;
  const caps = new Map(soft.map(({ applicable, remaining }) => [applicable, remaining]));
  if (soft.length === deniers.length) return { outputBound: undefined, caps };
  const hard = deniers.filter((status) => !isSoftLedger(status));
  const outputBound = most && shrinkWithin(hard, most);
  return outputBound === null ? null : { outputBound, caps };
}

/** The charges, each no higher than its cap. */
export function capCharges(
  charges: readonly LimitCharge[],
  caps: ReadonlyMap<ApplicableLimit, number>,
): readonly LimitCharge[] {
  if (caps.size === 0) return charges;
  return charges.map(({ applicable, amount }) => ({
    applicable,
    amount: Math.min(amount, caps.get(applicable) ?? amount),
  }));
}

function isSoftLedger({ applicable: { limit } }: LimitStatus): boolean {
  return isLedgerLimit(limit) && !holdsUpperBound(limit);
}

function hasEnough(remaining: number, needed: number): boolean {
  return remaining > 0 && needed <= remaining;
}
