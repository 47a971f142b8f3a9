import type { RouteTarget, WeightedTarget } from './proxy-routes.ts';

/**
 * Orders targets by priority, and within a priority at random by weight. A target of weight 0 takes no traffic
 * of its own but stays as the last resort of its priority.
 */
export function weightedOrder(targets: readonly WeightedTarget[], random: () => number): readonly RouteTarget[] {
  if (targets.length <= 1) return targets.map(({ target }) => target);
  const priorities = [...new Set(targets.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    shuffle(
      targets.filter((target) => target.priority === priority),
      random,
    ),
  );
}

function shuffle(targets: readonly WeightedTarget[], random: () => number): RouteTarget[] {
  const left = [...targets];
  const order: RouteTarget[] = [];
  while (left.length > 0) {
    const [picked] = left.splice(pick(left, random), 1);
    if (picked) order.push(picked.target);
  }
  return order;
}

function pick(targets: readonly WeightedTarget[], random: () => number): number {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  let point = random() * total;
  for (const [index, { weight }] of targets.entries()) {
    point -= weight;
    if (point < 0) return index;
  }
  return 0;
}
