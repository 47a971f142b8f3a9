import type { SnapshotPrice } from '@penstock/contracts';
import { priceAt } from '@penstock/usage';
import type { RouteTarget } from '@penstock/routing';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { LimitSet } from '../config/limit-set.ts';

/** One place that a request may go to. */
export interface Candidate {
  readonly target: RouteTarget;
  readonly provider: CompiledProvider;
  /** Of the provider and the model. */
  readonly limits: LimitSet;
}

/** What a candidate costs at a time (epoch ms); undefined: its price is unknown. */
export function priceOf({ provider, target }: Candidate, nowMs: number): SnapshotPrice | undefined {
  const prices = provider.prices.get(target.modelId);
  return prices && priceAt(prices, nowMs);
}
