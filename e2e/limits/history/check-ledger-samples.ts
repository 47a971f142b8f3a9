import type { LedgerSample, Violation } from './history.ts';

/** At no moment may a ledger hold more than its limit: what is spent, what runs, and what gateways put aside. */
export function checkLedgerSamples(samples: readonly LedgerSample[]): Violation[] {
  return samples
    .filter(({ spent, reserved, pledged, max }) => spent + reserved + pledged > max)
    .map(({ ledger, at, spent, reserved, pledged, max }) => ({
      rule: 'overspend',
      detail: `${ledger} at ${at}: ${spent} spent + ${reserved} reserved + ${pledged} pledged > ${max}`,
    }));
}
