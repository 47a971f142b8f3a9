import { Fallback } from '@penstock/contracts';
import { type ProxyRoutes, type RouteTarget, targetAt } from '@penstock/routing';
import { policyFactory } from '../policy-factory.ts';
import { setRanks } from '../target-ranks.ts';
import { failureClassOf } from './failure-class.ts';

/** Behind the last priority that a model can give to its targets. */
const FIRST_PRIORITY = 1_000;

/** Further targets for when the chosen ones fail before the first byte of an answer; each failure decides whether they are tried. */
export const fallback = policyFactory(Fallback, ({ targets, on }) => {
  const classes = new Set(on);
  const own = new WeakSet<RouteTarget>();
  const find = targetFinder(targets, own);
  return {
    name: Fallback.name,
    onRoute(_call, choice) {
      const chosen = choice.targets;
      const further = find(choice.routes, choice.model).filter((target) => !chosen.some((one) => isSame(one, target)));
      choice.targets = [...chosen, ...further];
      setRanks(
        choice,
        further.map((target, index) => [target, { weight: 1, priority: FIRST_PRIORITY + index }] as const),
      );
    },
    mayTry(_call, target, failure) {
      if (!own.has(target)) return undefined;
      const kind = failureClassOf(failure.error);
      return kind !== null && classes.has(kind);
    },
  };
});

interface FallbackTarget {
  readonly provider: string;
  readonly model?: string | undefined;
}

/** The targets as objects of their own, so that they can be told from chosen ones. */
function targetFinder(targets: readonly FallbackTarget[], own: WeakSet<RouteTarget>) {
  return (routes: ProxyRoutes, asked: string): readonly RouteTarget[] =>
    targets.flatMap(({ provider, model }) => {
      const route = routes.providersByAlias.get(provider);
      const found = route && targetAt(route, model ?? asked);
      if (!found) return [];
      const target = { ...found };
      own.add(target);
      return [target];
    });
}

function isSame(one: RouteTarget, other: RouteTarget): boolean {
  return one.alias === other.alias && one.modelId === other.modelId;
}
