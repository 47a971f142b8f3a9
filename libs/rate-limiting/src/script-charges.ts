import { redisNames } from '@penstock/contracts';
import { limitKind } from './limit-kind.ts';
import type { ApplicableLimit, LimitCharge } from './rate-limiter.ts';

/** A charge as the scripts take it; `actual` only matters to a settlement. */
export interface ScriptCharge extends LimitCharge {
  readonly actual: number;
}

/** The Redis keys of charges, in the order of the charges: a ledger has two. */
export function chargeKeys(charges: readonly LimitCharge[]): string[] {
  return charges.flatMap(({ applicable }) => limitKeys(applicable));
}

/** One parameter for each charge; `scripts/limit-state.lua` reads it. The driver's cost goes by the number of parameters. */
export function chargeParameters(charges: readonly ScriptCharge[]): string[] {
  return charges.map(({ applicable: { limit }, amount, actual }) => {
    const { window = '', max, burst = max, mode } = limit;
    return `${limitKind(limit)}:${window}:${amount}:${actual}:${max}:${burst}:${mode}`;
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

function limitKeys({ organizationId, subject, id, limit }: ApplicableLimit): string[] {
  const key = redisNames.limit(organizationId, subject, id);
  return limitKind(limit) === 'ledger' ? [key, `${key}:leases`] : [key];
}
