import type { SnapshotPrice } from '@penstock/contracts';
import type { ModelProfiles, ProviderAdapter } from '@penstock/providers';
import type { RouteTarget } from '@penstock/routing';
import { priceAt } from '@penstock/usage';

/** One place that a request may go to, as far as what it will use there goes. */
export interface PricedCandidate {
  readonly target: RouteTarget;
  readonly provider: {
    readonly adapter: ProviderAdapter;
    readonly profiles: Pick<ModelProfiles, 'of'>;
    /** By model id, oldest first. */
    readonly prices: ReadonlyMap<string, readonly SnapshotPrice[]>;
  };
}

/** What a candidate costs at a time (epoch ms); undefined: its price is unknown. */
export function priceOf({ provider, target }: PricedCandidate, nowMs: number): SnapshotPrice | undefined {
  const prices = provider.prices.get(target.modelId);
  return prices && priceAt(prices, nowMs);
}
