import type { CallRecord } from '../history/history.ts';

/** One line for a human: what a run did and what was found. */
export function printFigures(run: string, figures: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`limits, ${run}: ${JSON.stringify(figures)}\n`);
}

/** How many calls ended in each way. */
export function countOutcomes(calls: readonly CallRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of calls) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
