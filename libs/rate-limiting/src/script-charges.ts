import { chargePlan } from './charge-plan.ts';
import type { ApplicableLimit, LimitCharge } from './rate-limiter.ts';

/** A charge as the scripts take it; `actual` only matters to a settlement. */
export interface ScriptCharge extends LimitCharge {
  readonly actual: number;
}

/** The Redis keys of charges, in the order of the charges: a ledger has two. */
export function chargeKeys(charges: readonly LimitCharge[], nowMs: number): string[] {
  const keys: string[] = [];
  for (const { applicable } of charges) keys.push(...chargePlan(applicable, nowMs).keys);
  return keys;
}

/** The key that says that ledgers are complete, where one of the charges needs to know. */
export function seededKeys(charges: readonly LimitCharge[], nowMs: number): string[] {
  for (const { applicable } of charges) {
    const { seededKey } = chargePlan(applicable, nowMs);
    if (seededKey !== undefined) return [seededKey];
  }
  return [];
}

/**
 * One parameter for each charge, which `scripts/limit-state.lua` reads; the driver's cost goes by the number of parameters.
 * `<kind>:<flags>:<amount>:<actual>:<max>`, then of a rate its burst and the µs of its window, of a rolling ledger the ms of a
 * slice, and of a calendar one the ms at which the present window begins and ends, the one before begins, and the one after
 * ends. Redis' own clock chooses among these, so the caller's may be off by a window.
 */
export function chargeParameters(charges: readonly ScriptCharge[], nowMs: number): string[] {
  return charges.map(({ applicable, amount, actual }) => {
    const { head, tail } = chargePlan(applicable, nowMs);
    return `${head}${amount}:${actual}${tail}`;
  });
}

/**
 * The organization that all charges belong to: one script may only touch one hash tag.
 * @throws RangeError for charges of two organizations, for a limit that is charged twice, and for an amount that is no count.
 */
export function organizationOf(charges: readonly LimitCharge[]): string {
  const organizationId = charges[0]?.applicable.organizationId ?? '';
  for (const [index, { applicable, amount }] of charges.entries()) {
    if (applicable.organizationId !== organizationId) throw new RangeError('charges of two organizations');
    if (isChargedBefore(charges, index)) throw new RangeError(`the limit ${nameOf(applicable)} is charged twice`);
    if (!Number.isSafeInteger(amount) || amount < 0) {
      throw new RangeError(`${amount} is no amount for the limit ${nameOf(applicable)}`);
    }
  }
  return organizationId;
}

/** A request meets a dozen limits at most. */
function isChargedBefore(charges: readonly LimitCharge[], index: number): boolean {
  const applicable = charges[index]?.applicable;
  for (let before = 0; before < index; before += 1) {
    const other = charges[before]?.applicable;
    if (other?.subject === applicable?.subject && other?.id === applicable?.id) return true;
  }
  return false;
}

const nameOf = ({ subject, id }: ApplicableLimit): string => `${subject}:${id}`;
