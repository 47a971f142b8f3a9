/** What each target costs; of equal costs one is first as often as its weight says. Those of weight 0 come last. */
export interface CostedTarget {
  readonly cost: number;
  readonly weight: number;
}

/** The cheapest first. */
export function cheapestFirst<Target extends CostedTarget>(
  targets: readonly Target[],
  random: () => number,
): readonly Target[] {
  return targets
    .map((target) => ({
      target,
      cost: target.weight === 0 ? Infinity : target.cost,
      // Of exponential draws with these rates the smallest is each as often as its rate is of their sum.
      tie: target.weight === 0 ? random() : -Math.log(1 - random()) / target.weight,
    }))
    .toSorted((one, other) => (one.cost === other.cost ? one.tie - other.tie : one.cost - other.cost))
    .map(({ target }) => target);
}
