import type { Redis } from 'ioredis';
import { limitScripts } from './limit-scripts.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import { ScriptCalls } from './script-calls.ts';
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

const DEADLINE_MS = 5_000;

/** Reads limits without changing them, in one pipelined round trip. Rejects when Redis does, or after 5 s. */
export function readLimitStatuses(redis: Redis, applicable: readonly ApplicableLimit[]): Promise<LimitReading[]> {
  const calls = new ScriptCalls({ redis, deadlineMs: DEADLINE_MS });
  return Promise.all(applicable.map((limit) => readOne(calls, limit)));
}

async function readOne(calls: ScriptCalls, applicable: ApplicableLimit): Promise<LimitReading> {
  const charges = [{ applicable, amount: 0, actual: 0 }];
  const [used = 0, remaining = 0, resetAfterMs = 0] = await calls.run(limitScripts.status, {
    keys: chargeKeys(charges),
    parameters: chargeParameters(charges),
  });
  return { applicable, used, remaining, resetAfterMs };
}
