import type { Redis } from 'ioredis';
import { limitScripts } from './limit-scripts.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import { chargeKeys, chargeParameters } from './script-charges.ts';

/** How much of a limit is used now. */
export interface LimitReading {
  readonly applicable: ApplicableLimit;
  /** Whole units, rounded up: of a ledger what is spent and held; may exceed the limit after late settlements. */
  readonly used: number;
  /** Whole units, never negative. */
  readonly remaining: number;
  /** Until the limit is wholly free again. */
  readonly resetAfterMs: number;
}

/** Reads limits without changing them, in one pipelined round trip. Rejects when Redis does. */
export function readLimitStatuses(redis: Redis, applicable: readonly ApplicableLimit[]): Promise<LimitReading[]> {
  return Promise.all(applicable.map((limit) => readOne(redis, limit)));
}

async function readOne(redis: Redis, applicable: ApplicableLimit): Promise<LimitReading> {
  const charges = [{ applicable, amount: 0, actual: 0 }];
  const [used = 0, remaining = 0, resetAfterMs = 0] = await limitScripts.status.run(
    redis,
    chargeKeys(charges),
    chargeParameters(charges),
  );
  return { applicable, used, remaining, resetAfterMs };
}
