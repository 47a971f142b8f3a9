import { LeastBusy } from '@penstock/contracts';
import { type LoadedTarget, routeByLoad } from '../by-load/route-by-load.ts';
import { cheapestFirst } from '../by-load/weighted-ties.ts';
import { policyFactory } from '../policy-factory.ts';

/** Asks the target that has the fewest requests of this process in flight, in proportion to its weight. */
export const leastBusy = policyFactory(LeastBusy, ({ models, suspendDuration }, _owner, { now }) =>
  routeByLoad({
    name: LeastBusy.name,
    models,
    suspendDuration,
    now,
    order: (targets, { random }) => cheapestFirst(targets.map(withCost), random),
  }),
);

function withCost(target: LoadedTarget): LoadedTarget & { readonly cost: number } {
  return { ...target, cost: target.load.inFlight / target.weight };
}
