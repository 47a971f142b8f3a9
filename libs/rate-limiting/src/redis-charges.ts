import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { limitKind, RATE_WINDOW_US, rateWindow } from './limit-kind.ts';
import { limitScripts } from './limit-scripts.ts';
import type { LimitCharge } from './rate-limiter.ts';
import { chargeKeys, chargeParameters } from './script-charges.ts';
import type { Settlement } from './settlement-queue.ts';

/** How long a ledger's reservation is remembered: a settlement may be two days late or come twice. */
const LEDGER_MARKER_MS = 49 * 3_600_000;
/** Once settled it only has to outlive the retries of the gateway that holds the reservation. */
const SETTLED_MARKER_MS = 3_600_000;

/** Takes all charges or none; returns the reply of `scripts/reserve.lua`. */
export function reserveInRedis(
  redis: Redis,
  {
    id,
    organizationId,
    charges,
    leaseMs,
  }: { id: string; organizationId: string; charges: readonly LimitCharge[]; leaseMs: number },
): Promise<readonly number[]> {
  const keys = [redisNames.reservation(organizationId, id), ...chargeKeys(charges)];
  return limitScripts.reserve.run(redis, keys, [
    id,
    leaseMs,
    LEDGER_MARKER_MS,
    ...chargeParameters(withoutActual(charges)),
  ]);
}

/** Settles once, however often it is called with the same reservation id. */
export function settleInRedis(
  redis: Redis,
  { reservationId, organizationId, charges }: Settlement,
): Promise<readonly number[]> {
  const keys = [redisNames.reservation(organizationId, reservationId), ...chargeKeys(charges)];
  return limitScripts.settle.run(redis, keys, [reservationId, markerMs(charges), ...chargeParameters(charges)]);
}

/** Prolongs the leases of ledgers and concurrency. */
export function renewInRedis(
  redis: Redis,
  { id, charges, leaseMs }: { id: string; charges: readonly LimitCharge[]; leaseMs: number },
): Promise<readonly number[]> {
  return limitScripts.renew.run(redis, chargeKeys(charges), [id, leaseMs, ...chargeParameters(withoutActual(charges))]);
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
