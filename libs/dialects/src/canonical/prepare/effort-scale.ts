import { ReasoningEffort } from '@penstock/contracts';

/** From least to most. */
const SCALE = ReasoningEffort.options;

/** Share of the output that a model may think for, by effort (research/translation.md §5.6). */
const SHARES: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 0.02,
  low: 0.1,
  medium: 0.3,
  high: 0.6,
  xhigh: 0.9,
  max: 0.9,
};

/** Below how many tokens a budget amounts to which effort; from the last one on it is `xhigh`. */
const BUDGETS: readonly (readonly [number, ReasoningEffort])[] = [
  [2000, 'low'],
  [8000, 'medium'],
  [24_000, 'high'],
];

/** Tokens to think for, of those that the answer may have in all. */
export function budgetOfEffort(effort: ReasoningEffort, outputTokens: number): number {
  return Math.floor(SHARES[effort] * outputTokens);
}

export function effortOfBudget(tokens: number): ReasoningEffort {
  return BUDGETS.find(([limit]) => tokens < limit)?.[1] ?? 'xhigh';
}

/** The accepted effort that comes nearest, the higher one of two. `none` is near to nothing but itself. Without a list all are accepted. */
export function nearestEffort(effort: ReasoningEffort, accepted: readonly ReasoningEffort[]): ReasoningEffort {
  const wanted = SCALE.indexOf(effort);
  const near = accepted
    .filter((candidate) => candidate !== 'none')
    .toSorted((a, b) => {
      const closer = Math.abs(SCALE.indexOf(a) - wanted) - Math.abs(SCALE.indexOf(b) - wanted);
      return closer || SCALE.indexOf(b) - SCALE.indexOf(a);
    });
  return near[0] ?? effort;
}

/** The least of the accepted efforts that is not `none`; undefined when there is none. */
export function leastEffort(accepted: readonly ReasoningEffort[]): ReasoningEffort | undefined {
  return SCALE.find((effort) => effort !== 'none' && accepted.includes(effort));
}
