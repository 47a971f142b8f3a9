import type { LedgerSample, Violation } from './history.ts';

export interface LedgerEnd {
  /** Taken when every lease has run out and everything was settled. */
  readonly sample: LedgerSample;
  /** What the upstream's truth amounts to in the ledger's unit. */
  readonly truth: number;
  /** What the settled requests amount to in the usage events. */
  readonly settled: number;
  /** The most that requests without a settlement may have left behind: their holds, and pledges of dead gateways. */
  readonly unsettledHolds: number;
}

/**
 * At the end nothing is held any more; what is spent covers all that was really used, stays within the limit, and is not more
 * than what was settled and what dead gateways held.
 */
export function checkLedgerEnd({ sample, truth, settled, unsettledHolds }: LedgerEnd): Violation[] {
  const { ledger, spent, reserved, max } = sample;
  const violations: Violation[] = [];
  if (reserved !== 0) violations.push({ rule: 'held-for-ever', detail: `${ledger}: ${reserved} are still reserved` });
  if (spent > max) violations.push({ rule: 'overspend', detail: `${ledger}: ${spent} spent of ${max}` });
  if (truth > max) violations.push({ rule: 'overspend', detail: `${ledger}: ${truth} used upstream of ${max}` });
  if (spent < truth) {
    violations.push({ rule: 'ledger-below-truth', detail: `${ledger}: ${spent} spent, but ${truth} used upstream` });
  }
  if (spent > settled + unsettledHolds) {
    const detail = `${ledger}: ${spent} spent, but ${settled} settled and at most ${unsettledHolds} held by the dead`;
    violations.push({ rule: 'ledger-above-holds', detail });
  }
  return violations;
}
