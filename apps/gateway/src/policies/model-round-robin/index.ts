import { GatewayError, ModelRoundRobin, ModelWeightedRoundRobin } from '@penstock/contracts';
import { memberTargets, type RouteMember, targetKey } from '../member-targets.ts';
import type { Policy } from '../policy.ts';
import { policyFactory, type PolicyServices } from '../policy-factory.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';
import { rankIn, setRanks } from '../target-ranks.ts';
import { Suspensions } from './suspensions.ts';
import { Turns } from './turns.ts';

interface Member extends RouteMember {
  readonly weight: number;
}

/** Models take turns; the others stand by for when the one whose turn it is fails. */
export const modelRoundRobin = policyFactory(ModelRoundRobin, ({ models, suspendDuration }, _owner, services) =>
  roundRobin(
    ModelRoundRobin.name,
    { members: models.map((model) => ({ ...model, weight: 1 })), suspendDuration },
    services,
  ),
);

/** The same by weight. */
export const modelWeightedRoundRobin = policyFactory(ModelWeightedRoundRobin, (params, _owner, services) =>
  roundRobin(
    ModelWeightedRoundRobin.name,
    { members: params.models, suspendDuration: params.suspendDuration },
    services,
  ),
);

function roundRobin(
  name: string,
  { members, suspendDuration }: { readonly members: readonly Member[]; readonly suspendDuration: number },
  { now }: PolicyServices,
): Policy {
  const turns = new Turns(members);
  const suspensions = new Suspensions(suspendDuration * 1_000);
  return {
    name,
    onRoute(call, choice) {
      const nowMs = now();
      const targets = members.map((member) => memberTargets(call, choice, member));
      const usable = (index: number): boolean =>
        targets[index]?.some((target) => !suspensions.isSuspended(targetKey(target), nowMs)) === true;
      const first = turns.next(usable);
      if (first < 0) {
        throw new GatewayError('no_target_available', 'All models are currently unavailable', { retryAfterMs: 1_000 });
      }
      const order = [...targets.slice(first), ...targets.slice(0, first)].flat();
      choice.targets = order.filter((target) => !suspensions.isSuspended(targetKey(target), nowMs));
      choice.decided = true;
      setRanks(
        choice,
        members.flatMap(({ model, weight }, index) =>
          (targets[index] ?? []).map(
            (target) => [target, { ...rankIn(choice.routes, model, target), weight }] as const,
          ),
        ),
      );
      const chosen = choice.targets[0];
      if (chosen) call.metadata.set(SELECTED_PROVIDER, chosen.alias);
    },
    onAttempt(_call, target, failed) {
      if (failed) suspensions.suspend(targetKey(target), now());
    },
  };
}
