import type { Redis } from 'ioredis';
import { inBatches } from './in-batches.ts';
import { limitKind } from './limit-kind.ts';
import { limitScripts } from './limit-scripts.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import type { ScriptCalls } from './script-calls.ts';
import { chargeKeys, chargeParameters } from './script-charges.ts';

/** An amount that a ledger lacks. */
export interface LedgerRaise {
  readonly applicable: ApplicableLimit;
  /** As {@link readLedgers} gave it. */
  readonly windowStartMs: number;
  /** Whole units, not negative. */
  readonly by: number;
}

/**
 * Adds to what ledgers in Redis have spent, and creates those that are missing; it may take them beyond their limits. A calendar
 * ledger is left alone when its window is over; a rolling one takes the amount in the present slice, from which it leaves the
 * window later than what was really used. Tells for each entry whether it was added. Called twice, it adds twice. A round trip
 * for each 500; rejects when Redis does, or when one takes longer than 5 s, and what was added before stays.
 * @throws RangeError for a limit that is no ledger, and for an amount that is no count.
 */
export function raiseLedgers(redis: Redis, entries: readonly LedgerRaise[]): Promise<boolean[]> {
  for (const { applicable, by } of entries) {
    if (limitKind(applicable.limit) !== 'ledger') throw new RangeError(`the limit ${applicable.id} is no ledger`);
    if (!Number.isSafeInteger(by) || by < 0) throw new RangeError(`${by} is no amount for the limit ${applicable.id}`);
  }
  return inBatches(redis, entries, raiseOne);
}

async function raiseOne(calls: ScriptCalls, { applicable, windowStartMs, by }: LedgerRaise): Promise<boolean> {
  const charges = [{ applicable, amount: 0, actual: by }];
  const nowMs = Date.now();
  const parameters = [windowStartMs, ...chargeParameters(charges, nowMs)];
  const [added] = await calls.run(limitScripts.raise, { keys: chargeKeys(charges, nowMs), parameters });
  return added === 1;
}
