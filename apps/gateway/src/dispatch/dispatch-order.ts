import type { RouteTarget } from '@penstock/routing';
import type { LimitSet } from '../config/limit-set.ts';
import type { ProviderGate } from '../pipeline/provider-gate.ts';
import type { Settlement } from '../pipeline/settlement.ts';
import type { Inquiry } from './attempt-plan.ts';

/** An admitted request, ready to be sent. */
export interface DispatchOrder {
  readonly inquiry: Inquiry;
  readonly targets: readonly RouteTarget[];
  readonly settlement: Settlement;
  /** Of targets whose provider has policies with limits. */
  readonly limits: ReadonlyMap<RouteTarget, LimitSet> | null;
  readonly gate: ProviderGate;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
  /** Something threw that should not have; the request is answered all the same. */
  readonly onFault: (error: unknown) => void;
}
