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

/** Seven parameters for each charge; `scripts/limit-state.lua` reads them. */
export function chargeParameters(charges: readonly ScriptCharge[]): (string | number)[] {
  return charges.flatMap(({ applicable: { limit }, amount, actual }) => [
    limitKind(limit),
    limit.window ?? '',
    amount,
    actual,
    limit.max,
    limit.burst ?? limit.max,
    limit.mode,
  ]);
}

/**
 * The organization that all charges belong to: one script may only touch one hash tag.
 * @throws RangeError for charges of two organizations, for a limit that is charged twice, and for an amount that is no count.
 */
export function organizationOf(charges: readonly LimitCharge[]): string {
  const organizationId = charges[0]?.applicable.organizationId ?? '';
  const seen = new Set<string>();
  for (const { applicable, amount } of charges) {
    const name = `${applicable.subject}:${applicable.id}`;
    if (applicable.organizationId !== organizationId) throw new RangeError('charges of two organizations');
    if (seen.has(name)) throw new RangeError(`the limit ${name} is charged twice`);
    if (!Number.isSafeInteger(amount) || amount < 0)
      throw new RangeError(`${amount} is no amount for the limit ${name}`);
    seen.add(name);
  }
  return organizationId;
}

function limitKeys({ organizationId, subject, id, limit }: ApplicableLimit): string[] {
  const key = redisNames.limit(organizationId, subject, id);
  return limitKind(limit) === 'ledger' ? [key, `${key}:leases`] : [key];
}
