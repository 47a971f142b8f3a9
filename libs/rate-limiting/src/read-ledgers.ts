import type { Redis } from 'ioredis';
import { inBatches } from './in-batches.ts';
import { limitKind } from './limit-kind.ts';
import { limitScripts } from './limit-scripts.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import type { ScriptCalls } from './script-calls.ts';
import { chargeKeys, chargeParameters } from './script-charges.ts';

/** What a ledger in Redis says now, in whole units. */
export interface LedgerReading {
  readonly applicable: ApplicableLimit;
  /** What is counted lies from here up to the end, as {@link windowAt} says it; an edit of the time zone prolongs a window. */
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  /** With leases that ran out. Of a rolling ledger by the time at which it was reserved, not settled. */
  readonly spent: number;
  /** Held by requests that run. */
  readonly reserved: number;
  /** Held by gateways for the time when they lose Redis. */
  readonly pledged: number;
  /** Redis knows nothing of the ledger: it was never used, not for a window, or its data was lost. */
  readonly missing: boolean;
}

/**
 * Reads ledgers without changing them: a round trip for each 500. Rejects when Redis does, or when one takes longer than 5 s.
 * @throws RangeError for a limit that is no ledger.
 */
export function readLedgers(redis: Redis, applicable: readonly ApplicableLimit[]): Promise<LedgerReading[]> {
  for (const { id, limit } of applicable) {
    if (limitKind(limit) !== 'ledger') throw new RangeError(`the limit ${id} is no ledger`);
  }
  return inBatches(redis, applicable, readOne);
}

async function readOne(calls: ScriptCalls, applicable: ApplicableLimit): Promise<LedgerReading> {
  const charges = [{ applicable, amount: 0, actual: 0 }];
  const nowMs = Date.now();
  const keys = chargeKeys(charges, nowMs);
  const reply = await calls.run(limitScripts.ledger, { keys, parameters: chargeParameters(charges, nowMs) });
  const [windowStartMs = 0, windowEndMs = 0, spent = 0, reserved = 0, pledged = 0, missing = 0] = reply;
  return { applicable, windowStartMs, windowEndMs, spent, reserved, pledged, missing: missing === 1 };
}
