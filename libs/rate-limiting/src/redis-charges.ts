import { redisNames } from '@penstock/contracts';
import { limitKind, RATE_WINDOW_US, rateWindow } from './limit-kind.ts';
import { limitScripts } from './limit-scripts.ts';
import type { LimitCharge } from './rate-limiter.ts';
import type { ScriptCalls } from './script-calls.ts';
import { chargeKeys, chargeParameters } from './script-charges.ts';
import type { Settlement } from './settlement-queue.ts';

/** How long a ledger's reservation is remembered: a settlement may be two days late or come twice. */
const LEDGER_MARKER_MS = 49 * 3_600_000;
/** Once settled it only has to outlive the retries of the gateway that holds the reservation. */
const SETTLED_MARKER_MS = 3_600_000;

/** Takes all charges or none; returns the reply of `scripts/reserve.lua`, or gives it to `onLate` when it comes too late. */
export function reserveInRedis(
  calls: ScriptCalls,
  {
    id,
    organizationId,
    charges,
    leaseMs,
  }: { id: string; organizationId: string; charges: readonly LimitCharge[]; leaseMs: number },
  onLate: (reply: readonly number[]) => void,
): Promise<readonly number[]> {
  const keys = [redisNames.reservation(organizationId, id), ...chargeKeys(charges)];
  const parameters = [id, leaseMs, LEDGER_MARKER_MS, ...chargeParameters(withoutActual(charges))];
  return calls.run(limitScripts.reserve, { keys, parameters }, onLate);
}

/** Settles once, however often it is called with the same reservation id. */
export function settleInRedis(
  calls: ScriptCalls,
  { reservationId, organizationId, charges }: Settlement,
): Promise<readonly number[]> {
  const keys = [redisNames.reservation(organizationId, reservationId), ...chargeKeys(charges)];
  const parameters = [reservationId, markerMs(charges), ...chargeParameters(charges)];
  return calls.run(limitScripts.settle, { keys, parameters });
}

/** Prolongs the leases of ledgers and concurrency. */
export function renewInRedis(
  calls: ScriptCalls,
  { id, charges, leaseMs }: { id: string; charges: readonly LimitCharge[]; leaseMs: number },
): Promise<readonly number[]> {
  const parameters = [id, leaseMs, ...chargeParameters(withoutActual(charges))];
  return calls.run(limitScripts.renew, { keys: chargeKeys(charges), parameters });
}

/** A rate forgets everything within a window and a burst, so its marker needs to live no longer than that. */
function markerMs(charges: readonly LimitCharge[]): number {
  const lives = charges.map(({ applicable: { limit } }) => {
    if (limitKind(limit) === 'ledger') return SETTLED_MARKER_MS;
    return limitKind(limit) === 'rate' ? RATE_WINDOW_US[rateWindow(limit)] / 1_000 + 60_000 : 60_000;
  });
  return Math.max(...lives);
}

function withoutActual(charges: readonly LimitCharge[]) {
  return charges.map((charge) => ({ ...charge, actual: charge.amount }));
}
