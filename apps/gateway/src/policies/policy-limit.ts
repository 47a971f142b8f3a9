import type { GatewayError, Limit } from '@penstock/contracts';
import type { ApplicableLimit, Consumption, Denial, LimitCharge } from '@penstock/rate-limiting';
import type { PolicyAnswer } from './policy.ts';
import { PolicyRefusal } from './policy-refusal.ts';

/** What one request takes of a limit, by a rule of its own. */
export interface LimitMeasure {
  /** What is held is what is used: the request must not run with less. */
  readonly isExact: boolean;
  /** What is held before it runs: a whole number; `largest` is the most that the limit can give at once. */
  held(probable: Consumption, largest: number): number;
  /** What it has used when it is over, by what each of its attempts used: a whole number. */
  used(spent: readonly Consumption[]): number;
}

/** A limit of a policy that measures what a request takes of it, or refuses, in its own way. */
export class PolicyLimit implements ApplicableLimit {
  readonly organizationId: string;
  readonly subject: string;
  readonly id: string;
  readonly quota: string;
  readonly limit: Limit;
  /** Null: each request counts as one. */
  readonly measure: LimitMeasure | null;
  /** Null: refused as all limits refuse. */
  readonly refusal: PolicyAnswer | null;

  constructor(applicable: ApplicableLimit, measure: LimitMeasure | null, refusal: PolicyAnswer | null) {
    this.organizationId = applicable.organizationId;
    this.subject = applicable.subject;
    this.id = applicable.id;
    this.quota = applicable.quota;
    this.limit = applicable.limit;
    this.measure = measure;
    this.refusal = refusal;
  }
}

/** How a limit of a policy measures; null: it does not, or it is none. */
export function measureOf(applicable: ApplicableLimit): LimitMeasure | null {
  return applicable instanceof PolicyLimit ? applicable.measure : null;
}

/** Charges with the amounts that policies measure. */
export function measured(charges: readonly LimitCharge[], probable: Consumption): readonly LimitCharge[] {
  return charges.map((charge) => {
    const { limit } = charge.applicable;
    const measure = measureOf(charge.applicable);
    return measure ? { ...charge, amount: measure.held(probable, limit.burst ?? limit.max) } : charge;
  });
}

/** The refusal in the words of the policy whose limit denied; as it is where that has none. */
export function inOwnWords(error: GatewayError, { exceeded, unavailable }: Denial): GatewayError {
  const { applicable } = exceeded;
  if (unavailable || !(applicable instanceof PolicyLimit) || !applicable.refusal) return error;
  const waitMs = error.retryAfterMs;
  const headers = waitMs === null ? [] : ['retry-after', String(Math.max(1, Math.ceil(waitMs / 1000)))];
  return new PolicyRefusal(error, { ...applicable.refusal, headers });
}
