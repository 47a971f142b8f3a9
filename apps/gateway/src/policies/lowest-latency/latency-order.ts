import type { LoadedTarget, LoadOrder } from '../by-load/route-by-load.ts';
import { cheapestFirst } from '../by-load/weighted-ties.ts';

/**
 * The lowest latency × (requests in flight + 1) first, so that a fast target that is busy gives way to a slower one that is not. A target
 * of which nothing is known is tried at once, by one request at a time. `exploration` is the share of requests that go anywhere.
 */
export function latencyOrder(exploration: number): LoadOrder {
  return (targets, { stream, random }) => {
    const known = targets.map((target) => latencyOf(target, stream));
    const usual = meanOf(known.filter((latency) => latency !== null));
    const ordered = cheapestFirst(
      targets.map((target, index) => ({ ...target, cost: costOf(target, known[index] ?? null, usual) })),
      random,
    );
    return random() < exploration ? exploring(ordered, random) : ordered;
  };
}

function latencyOf({ load }: LoadedTarget, stream: boolean): number | null {
  return stream ? load.firstToken.average : load.token.average;
}

function costOf({ load }: LoadedTarget, latency: number | null, usual: number): number {
  if (latency === null && load.inFlight === 0) return 0;
  // While its first answer is under way, a target is taken for one like the others.
  return (latency ?? usual) * (load.inFlight + 1);
}

/** 1 where nothing is known: then only the requests in flight count. */
function meanOf(latencies: readonly number[]): number {
  return latencies.length === 0 ? 1 : latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length;
}

/** Any of the targets that take traffic comes first. */
function exploring(ordered: readonly LoadedTarget[], random: () => number): readonly LoadedTarget[] {
  const candidates = ordered.filter(({ weight }) => weight > 0);
  const first = candidates[Math.floor(random() * candidates.length)];
  return first ? [first, ...ordered.filter((target) => target !== first)] : ordered;
}
