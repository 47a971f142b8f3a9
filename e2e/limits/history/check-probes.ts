import type { Violation } from './history.ts';

/** A request that was sent when nothing ran any more and every lease was over. */
export interface Probe {
  readonly what: string;
  /** Whether there is room for it in every limit. */
  readonly fits: boolean;
  readonly admitted: boolean;
}

/** What fits is admitted, and what does not fit is not: nothing blocks that nobody holds. */
export function checkProbes(probes: readonly Probe[]): Violation[] {
  return probes
    .filter(({ fits, admitted }) => fits !== admitted)
    .map(({ what, admitted }) =>
      admitted
        ? { rule: 'overspend', detail: `${what} did not fit and was admitted` }
        : { rule: 'phantom-block', detail: `${what} fits and was denied` },
    );
}
