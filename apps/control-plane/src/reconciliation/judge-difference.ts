import type { LedgerDifference } from '@penstock/contracts';
import type { AttachedLedger } from '../ledgers/attached-ledgers.ts';
import type { LedgerRaise, LedgerState } from '../ledgers/ledger-store.ts';

/** A ledger and what its usage events add up to. */
export interface ComparedLedger {
  readonly ledger: AttachedLedger;
  readonly state: LedgerState;
  readonly events: number;
}

/** What is made of a difference. */
export interface JudgedDifference {
  readonly difference: LedgerDifference;
  /** What the ledger has more than the events; negative where it has less. */
  readonly surplus: number;
  readonly raise?: LedgerRaise;
  /** Too little in a ledger that has counted since its window began: that must not happen. */
  readonly unexplained: boolean;
}

/**
 * Judges by what the run before has found (`before`): only what both have found is no request under way. A ledger that had too
 * little both times is raised by what was missing both times. Undefined where nothing differs.
 */
export function judgeDifference(
  { ledger, state, events }: ComparedLedger,
  before: (difference: LedgerDifference) => LedgerDifference | undefined,
): JudgedDifference | undefined {
  const surplus = Math.round(state.spent) - events;
  if (surplus === 0) return undefined;
  const difference = describe({ ledger, state, events });
  const earlier = before(difference);
  // What was raised then is no longer missing.
  const lasting = earlier && earlier.outcome !== 'raised' ? commonPart(surplus, earlier.ledger - earlier.events) : 0;
  if (lasting < 0) {
    const raise = { applicable: ledger.applicable, windowStartMs: state.windowStartMs, by: -lasting };
    const unexplained = ledger.writtenAtMs <= state.windowStartMs;
    return { difference: { ...difference, outcome: 'raised' }, surplus, raise, unexplained };
  }
  const presumed = lasting > 0 && surplus > state.reserved;
  return { difference: { ...difference, outcome: presumed ? 'presumed' : 'pending' }, surplus, unexplained: false };
}

/** The smaller one of two that have the same sign, else 0. */
function commonPart(one: number, other: number): number {
  if (Math.sign(one) !== Math.sign(other)) return 0;
  return Math.sign(one) * Math.min(Math.abs(one), Math.abs(other));
}

function describe({ ledger: { applicable, subject }, state, events }: ComparedLedger): LedgerDifference {
  const { unit, window = 'month' } = applicable.limit;
  return {
    subject: subject.label,
    quota: applicable.quota,
    unit,
    window,
    windowStart: new Date(state.windowStartMs).toISOString(),
    ledger: Math.round(state.spent),
    events,
    outcome: 'pending',
  };
}
