import type { Limit } from '@penstock/contracts';
import type { Fit } from '../gcra.ts';

/** The terms of a limit as they hold now, in this process: its share of `max` and `burst`. */
export interface Terms {
  readonly limit: Limit;
  /** IANA name; in which calendar windows begin. */
  readonly timeZone: string;
  readonly max: number;
  readonly burst: number;
  /** Counted, never denied. */
  readonly shadow: boolean;
}

/** One charge of one reservation against one counter. */
export interface CounterCharge {
  readonly reservationId: string;
  readonly amount: number;
  readonly terms: Terms;
}

/** One limit of one subject in memory. */
export interface Counter {
  check(charge: CounterCharge, nowMs: number): Fit;
  take(charge: CounterCharge, leaseUntilMs: number, nowMs: number): void;
  renew(charge: CounterCharge, leaseUntilMs: number, nowMs: number): void;
  /** `reservedAtMs` is when the charge was taken. */
  settle(charge: CounterCharge, actual: number, times: { readonly nowMs: number; readonly reservedAtMs: number }): void;
  status(terms: Terms, nowMs: number): { readonly remaining: number; readonly resetAfterMs: number };
  /** True when nothing would be lost if the counter were forgotten. */
  idle(nowMs: number): boolean;
}

/** Room may come free at any time: come back soon. */
export const RETRY_SOON_MS = 1_000;
