import type { Redis } from 'ioredis';
import { inBatches } from './in-batches.ts';
import { limitScripts } from './limit-scripts.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import type { ScriptCalls } from './script-calls.ts';
import { chargeKeys, chargeParameters } from './script-charges.ts';

/** How much of a limit is used now. */
export interface LimitReading {
  readonly applicable: ApplicableLimit;
  /** Whole units, rounded up: of a ledger what is spent and held by requests; may exceed the limit after late settlements. */
  readonly used: number;
  /** Whole units, never negative: of a ledger without what gateways hold for an outage, too. */
  readonly remaining: number;
  /** Until the limit is wholly free again; of a rolling ledger the latest time at which it may be. */
  readonly resetAfterMs: number;
}

/** Reads limits without changing them: a round trip for each 500. Rejects when Redis does, or when one takes longer than 5 s. */
export function readLimitStatuses(redis: Redis, applicable: readonly ApplicableLimit[]): Promise<LimitReading[]> {
  return inBatches(redis, applicable, readOne);
}

async function readOne(calls: ScriptCalls, applicable: ApplicableLimit): Promise<LimitReading> {
  const charges = [{ applicable, amount: 0, actual: 0 }];
  const nowMs = Date.now();
  const [used = 0, remaining = 0, resetAfterMs = 0] = await calls.run(limitScripts.status, {
    keys: chargeKeys(charges, nowMs),
    parameters: chargeParameters(charges, nowMs),
  });
  return { applicable, used, remaining, resetAfterMs };
}
