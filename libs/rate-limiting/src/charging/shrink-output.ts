import { holdsUpperBound } from '@penstock/contracts';
import type { LimitStatus } from '../rate-limiter.ts';
import { type Denial, deniersOf } from './limit-refusal.ts';
import type { UpperBound } from './upper-bound.ts';

/** Units that grow with the length of an answer. */
export const OUTPUT_UNITS: ReadonlySet<string> = new Set(['tokens', 'output-tokens', 'cost']);

/**
 * The bound of an answer with which a denied request would fit into what is left, so that budgets can be spent to their end; null
 * when a limit denies that does not depend on the output, or when what is left makes no answer.
 */
export function shrinkOutput(denial: Denial, most: UpperBound): number | null {
  return denial.unavailable ? null : shrinkWithin(deniersOf(denial), most);
}

/** The same for limits that deny. */
export function shrinkWithin(deniers: readonly LimitStatus[], most: UpperBound): number | null {
  if (!deniers.every(dependsOnOutput)) return null;
  const fitting = deniers.map(({ applicable, remaining }) => most.outputWithin(applicable.limit.unit, remaining));
  const bound = Math.min(most.outputBound, ...fitting);
  return bound >= most.leastOutput && bound < most.outputBound ? bound : null;
}

function dependsOnOutput({ applicable: { limit } }: LimitStatus): boolean {
  return OUTPUT_UNITS.has(limit.unit) && holdsUpperBound(limit);
}
