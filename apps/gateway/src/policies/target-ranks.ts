import type { ProxyRoutes, RouteTarget } from '@penstock/routing';
import type { RouteChoice } from './policy.ts';

/** How a target stands among the others. */
export interface TargetRank {
  /** 0: no traffic of its own, the last resort of its priority. */
  readonly weight: number;
  /** 0 is tried first. */
  readonly priority: number;
}

const EVEN: TargetRank = { weight: 1, priority: 0 };

/** What an earlier policy says of a target, else the model that is asked for; where nothing is said, all are alike. */
export function rankOf(choice: RouteChoice, target: RouteTarget): TargetRank {
  return choice.ranks?.get(target) ?? rankIn(choice.routes, choice.model, target);
}

/** What a virtual model of the proxy says of a target. */
export function rankIn(routes: ProxyRoutes, model: string, target: RouteTarget): TargetRank {
  const targets = routes.models.get(model);
  return targets?.find((one) => one.target === target) ?? EVEN;
}

/** Tells later policies how targets stand. */
export function setRanks(choice: RouteChoice, ranks: Iterable<readonly [RouteTarget, TargetRank]>): void {
  choice.ranks = new Map([...(choice.ranks ?? []), ...ranks]);
}
