import { GatewayError } from '@penstock/contracts';
import type { RouteTarget } from '@penstock/routing';
import type { TargetLoad } from '../../dispatch/target-load.ts';
import { memberTargets, type RouteMember, targetKey } from '../member-targets.ts';
import { Suspensions } from '../model-round-robin/suspensions.ts';
import type { BodyCall, Policy, RouteChoice } from '../policy.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';
import { rankIn, rankOf, setRanks } from '../target-ranks.ts';

/** A target of one priority with what is known of it. */
export interface LoadedTarget {
  readonly target: RouteTarget;
  readonly weight: number;
  readonly load: TargetLoad;
}

/** Which of the targets of one priority are tried first. */
export type LoadOrder = (
  targets: readonly LoadedTarget[],
  asked: { readonly stream: boolean; readonly random: () => number },
) => readonly LoadedTarget[];

export interface LoadRouting {
  readonly name: string;
  /** Left out: the targets that are chosen already. */
  readonly models?: readonly RouteMember[] | undefined;
  /** Seconds. */
  readonly suspendDuration: number;
  readonly order: LoadOrder;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A policy that orders targets by their load, the lowest priority first; those that failed lately are left out. */
export function routeByLoad({ name, models, suspendDuration, order, now }: LoadRouting): Policy {
  const suspensions = new Suspensions(suspendDuration * 1_000);
  return {
    name,
    onRoute(call, choice) {
      if (models) choice.decided = true;
      const known = models ? targetsOf(models, call, choice) : choice.targets;
      // That nobody serves the model is told by those who know.
      if (known.length === 0 && !models) return;
      const nowMs = now();
      const usable = known.filter((target) => !suspensions.isSuspended(targetKey(target), nowMs));
      const asked = { stream: call.facts.stream, random: choice.random };
      choice.targets = tiersOf(loaded(usable, call, choice)).flatMap((tier) => targetsIn(order(tier, asked)));
      const chosen = choice.targets[0];
      if (!chosen) {
        throw new GatewayError('no_target_available', 'All models are currently unavailable', { retryAfterMs: 1_000 });
      }
      call.metadata.set(SELECTED_PROVIDER, chosen.alias);
    },
    onAttempt(_call, target, failed) {
      if (failed) suspensions.suspend(targetKey(target), now());
    },
  };
}

const targetsIn = (targets: readonly LoadedTarget[]): readonly RouteTarget[] => targets.map(({ target }) => target);

/** The targets of all members, each once, ranked by the virtual models that have them. */
function targetsOf(models: readonly RouteMember[], call: BodyCall, choice: RouteChoice): readonly RouteTarget[] {
  const byKey = new Map<string, RouteTarget>();
  for (const member of models) {
    const targets = memberTargets(call, choice, member);
    setRanks(
      choice,
      targets.map((target) => [target, rankIn(choice.routes, member.model, target)] as const),
    );
    for (const target of targets) if (!byKey.has(targetKey(target))) byKey.set(targetKey(target), target);
  }
  return [...byKey.values()];
}

interface RankedTarget extends LoadedTarget {
  readonly priority: number;
}

function loaded(targets: readonly RouteTarget[], call: BodyCall, choice: RouteChoice): readonly RankedTarget[] {
  const { providers } = call.context.config;
  return targets.flatMap((target) => {
    const load = providers.get(target.providerId)?.loads.of(target.modelId);
    // A provider that cannot be used cannot be asked either.
    return load ? [{ target, load, ...rankOf(choice, target) }] : [];
  });
}

function tiersOf(targets: readonly RankedTarget[]): readonly (readonly LoadedTarget[])[] {
  const byPriority = Map.groupBy(targets, ({ priority }) => priority);
  return [...byPriority].toSorted(([one], [other]) => one - other).map(([, tier]) => tier);
}
