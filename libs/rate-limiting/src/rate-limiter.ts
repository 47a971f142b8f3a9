import type { Limit } from '@penstock/contracts';

/** One limit as it applies to one subject of a request. */
export interface ApplicableLimit {
  readonly organizationId: string;
  /** What the counter belongs to: `organization:<id>`, `team:<id>`, `team:<id>/key:<id>` (what each key of a team has), `key:<id>`, `proxy:<id>`, `provider:<id>`,
   * `provider:<id>/model:<model id>`. */
  readonly subject: string;
  /** Stable while max and burst change: `<quota>/<unit>/<window>`. */
  readonly id: string;
  readonly quota: string;
  readonly limit: Limit;
  /** IANA name; in which the windows of a ledger begin. UTC where it is left out. */
  readonly timeZone?: string;
  /** Whether a worker writes ledgers back that Redis lost, so that a missing one is not known to be empty. */
  readonly reseeded?: boolean;
}

/** What a request takes from one limit: requests, tokens or micro-USD; a whole number, 0 allowed. */
export interface LimitCharge {
  readonly applicable: ApplicableLimit;
  readonly amount: number;
}

/** The state of one limit after a decision. */
export interface LimitStatus {
  readonly applicable: ApplicableLimit;
  /** Whole units left now, never negative. */
  readonly remaining: number;
  /** Until the limit is wholly free again. */
  readonly resetAfterMs: number;
  /** True when the charge did not fit: what denied, or what would have denied if the limit were not in `shadow` mode. */
  readonly exceeded?: boolean;
}

/** What is held until it is settled; leases that run out count as spent. */
export interface Reservation {
  readonly id: string;
  readonly charges: readonly LimitCharge[];
  /** True when Redis could not be asked and this process' own share was used. */
  readonly local: boolean;
  /** When it was made, epoch ms by the limiter's clock; for a Redis that has lost it. */
  readonly reservedAtMs?: number;
}

export type LimitDecision =
  | { readonly allowed: true; readonly reservation: Reservation; readonly statuses: readonly LimitStatus[] }
  | {
      readonly allowed: false;
      readonly exceeded: LimitStatus;
      /** Null: it can never fit (the amount is larger than the limit). */
      readonly retryAfterMs: number | null;
      /** The ledger of a budget could not be reached. */
      readonly unavailable: boolean;
      readonly statuses: readonly LimitStatus[];
    };

/** One primitive for rates, token limits, budgets and concurrency. */
export interface RateLimiter {
  /** Takes every charge or none. A denial is a value, not an exception. */
  reserve(charges: readonly LimitCharge[]): Promise<LimitDecision>;
  /** Replaces the estimates by what was really used; idempotent by the reservation's id. */
  settle(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void>;
  /** Prolongs the leases of a request that still runs; a Redis that lost its data holds it again. */
  renew(reservation: Reservation): Promise<void>;
  /** True while Redis is not used for decisions. */
  readonly degraded: boolean;
  close(): Promise<void>;
}
