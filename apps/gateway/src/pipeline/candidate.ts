import type { PricedCandidate } from '@penstock/rate-limiting';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { LimitSet } from '../config/limit-set.ts';

/** One place that a request may go to. */
export interface Candidate extends PricedCandidate {
  readonly provider: CompiledProvider;
  /** Of the provider and the model. */
  readonly limits: LimitSet;
}
