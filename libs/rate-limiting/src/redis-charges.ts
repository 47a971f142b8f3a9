import { redisNames } from '@penstock/contracts';
import { limitKind, RATE_WINDOW_US, rateWindow } from './limit-kind.ts';
import { limitScripts } from './limit-scripts.ts';
import type { LimitCharge } from './rate-limiter.ts';
import type { LateAnswer, ScriptCalls } from './script-calls.ts';
import { chargeKeys, chargeParameters, seededKeys } from './script-charges.ts';
import type { Settlement } from './settlement-queue.ts';

/** How long a ledger's reservation is remembered: a settlement may be two days late or come twice. */
const LEDGER_MARKER_MS = 49 * 3_600_000;
/** Once settled it only has to outlive the retries of the gateway that holds the reservation, and the buffers of connections. */
const SETTLED_MARKER_MS = 3_600_000;

/** What is to be held, and for how long. */
export interface Hold {
  /** Of a pledge it begins with `pledge-`. */
  readonly id: string;
  readonly organizationId: string;
  readonly charges: readonly LimitCharge[];
  readonly leaseMs: number;
  readonly nowMs: number;
  /** When it was first held, by the same clock; now where it is left out. */
  readonly reservedAtMs?: number | undefined;
}

/** The reply of `scripts/reserve.lua` when a budget is not known to be complete in Redis; nothing was taken. */
export const UNSEEDED = 2;

/** Takes all charges or none; returns the reply of `scripts/reserve.lua`, or gives `onLate` the end of a call that failed. */
export function reserveInRedis(
  calls: ScriptCalls,
  { id, organizationId, charges, leaseMs, nowMs }: Hold,
  onLate: LateAnswer,
): Promise<readonly number[]> {
  const marker = redisNames.reservation(organizationId, id);
  const keys = [marker, ...chargeKeys(charges, nowMs), ...seededKeys(charges, nowMs)];
  const parameters = [id, leaseMs, LEDGER_MARKER_MS, ...chargeParameters(withoutActual(charges), nowMs)];
  return calls.run(limitScripts.reserve, { keys, parameters }, onLate);
}

/** Settles or withdraws once, however often it is called with the same reservation id. */
export function settleInRedis(
  calls: ScriptCalls,
  { reservationId, organizationId, charges, withdrawn }: Settlement,
  nowMs: number,
): Promise<readonly number[]> {
  const keys = [redisNames.reservation(organizationId, reservationId), ...chargeKeys(charges, nowMs)];
  const lifeMs = withdrawn ? SETTLED_MARKER_MS : markerMs(charges);
  const parameters = [reservationId, lifeMs, ...chargeParameters(charges, nowMs)];
  return calls.run(withdrawn ? limitScripts.withdraw : limitScripts.settle, { keys, parameters });
}

/**
 * Prolongs the leases of ledgers and concurrency, and holds them again where Redis has lost its data; false when a ledger does
 * not hold its lease any more.
 */
export async function renewInRedis(
  calls: ScriptCalls,
  { id, organizationId, charges, leaseMs, nowMs, reservedAtMs = nowMs }: Hold,
): Promise<boolean> {
  const keys = [redisNames.reservation(organizationId, id), ...chargeKeys(charges, nowMs)];
  const ageMs = Math.max(0, Math.round(nowMs - reservedAtMs));
  const parameters = [id, leaseMs, LEDGER_MARKER_MS, ageMs, ...chargeParameters(withoutActual(charges), nowMs)];
  const [held] = await calls.run(limitScripts.renew, { keys, parameters });
  return held === 1;
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
