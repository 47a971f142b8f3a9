import { LowestLatency } from '@penstock/contracts';
import { routeByLoad } from '../by-load/route-by-load.ts';
import { policyFactory } from '../policy-factory.ts';
import { latencyOrder } from './latency-order.ts';

/** Asks the target that will probably answer first, as this process has seen them answer. */
export const lowestLatency = policyFactory(LowestLatency, ({ models, exploration, suspendDuration }, _owner, { now }) =>
  routeByLoad({ name: LowestLatency.name, models, suspendDuration, now, order: latencyOrder(exploration) }),
);
