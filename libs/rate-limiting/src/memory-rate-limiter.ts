import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Fit } from './gcra.ts';
import { RETRY_SOON_MS, type Counter, type CounterCharge } from './memory/counter.ts';
import { createCounter, termsOf } from './memory/create-counter.ts';
import type { LimitCharge, LimitDecision, LimitStatus, RateLimiter, Reservation } from './rate-limiter.ts';
import { organizationOf } from './script-charges.ts';
import { settledAmount } from './settled-amount.ts';

export interface MemoryRateLimiterOptions {
  readonly clock: Clock;
  /** The part of each limit that this process may use: 1 alone, 1/N beside N − 1 others. */
  readonly share: () => number;
  /** How long a hold lives without being renewed; 60 s where it is left out. */
  readonly leaseMs?: number;
}

interface Taken {
  readonly limitCharge: LimitCharge;
  readonly counter: Counter;
  readonly charge: CounterCharge;
}

interface OpenReservation {
  readonly reservedAtMs: number;
  readonly taken: readonly Taken[];
}

/** What stands in the name of a counter of which callers choose the rest: there may be any number of them. */
export const CALLER_KEYED = '/by:';
/** More of these than so many are forgotten, the oldest first. */
const MAX_CALLER_KEYED = 50_000;
const SWEEP_EVERY = 1_024;
/** A reservation that nobody settles is forgotten after this. */
const FORGOTTEN_AFTER_MS = 48 * 3_600_000;

/** Limits of this process alone: for one gateway without Redis, and as the fallback while Redis is lost. */
export class MemoryRateLimiter implements RateLimiter {
  readonly degraded = false;
  readonly #options: MemoryRateLimiterOptions;
  readonly #leaseMs: number;
  readonly #counters = new Map<string, Counter>();
  readonly #callerKeyed = new Set<string>();
  readonly #open = new Map<string, OpenReservation>();
  #untilSweep = SWEEP_EVERY;

  constructor(options: MemoryRateLimiterOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 60_000;
  }

  async reserve(charges: readonly LimitCharge[]): Promise<LimitDecision> {
    organizationOf(charges);
    const id = randomUUID();
    const nowMs = this.#options.clock.now();
    this.#sweep(nowMs);
    const taken = charges.map((charge) => this.#prepare(id, charge));
    const fits = taken.map((one) => check(one, nowMs));
    const denied = longestDenial(taken, fits);
    if (!denied) this.#take(id, taken, nowMs);
    const statuses = taken.map(({ limitCharge: { applicable }, counter, charge }, index) => ({
      applicable,
      ...counter.status(charge.terms, nowMs),
      exceeded: fits[index]?.fits === false,
    }));
    if (!denied) return { allowed: true, reservation: { id, charges, local: true }, statuses };
    const exceeded = statuses[denied.index] as LimitStatus;
    return { allowed: false, exceeded, retryAfterMs: denied.retryAfterMs, unavailable: false, statuses };
  }

  async settle(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void> {
    const open = this.#open.get(reservation.id);
    if (!open || !this.#open.delete(reservation.id)) return;
    const times = { nowMs: this.#options.clock.now(), reservedAtMs: open.reservedAtMs };
    for (const { limitCharge, counter, charge } of open.taken) {
      counter.settle(charge, settledAmount(limitCharge, actual), times);
    }
  }

  async renew(reservation: Reservation): Promise<void> {
    const nowMs = this.#options.clock.now();
    for (const { counter, charge } of this.#open.get(reservation.id)?.taken ?? []) {
      counter.renew(charge, nowMs + this.#leaseMs, nowMs);
    }
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  #prepare(reservationId: string, limitCharge: LimitCharge): Taken {
    const { organizationId, subject, id, limit } = limitCharge.applicable;
    const key = `${organizationId}:${subject}:${id}`;
    let counter = this.#counters.get(key);
    if (!counter) {
      this.#counters.set(key, (counter = createCounter(limit)));
      if (subject.includes(CALLER_KEYED)) this.#boundCallerKeyed(key);
    }
    const terms = termsOf(limitCharge.applicable, this.#options.share());
    return { limitCharge, counter, charge: { reservationId, amount: limitCharge.amount, terms } };
  }

  #take(id: string, taken: readonly Taken[], nowMs: number): void {
    for (const { counter, charge } of taken) counter.take(charge, nowMs + this.#leaseMs, nowMs);
    if (taken.length > 0) this.#open.set(id, { reservedAtMs: nowMs, taken });
  }

  #boundCallerKeyed(key: string): void {
    this.#callerKeyed.add(key);
    if (this.#callerKeyed.size <= MAX_CALLER_KEYED) return;
    for (const oldest of this.#callerKeyed) {
      this.#forget(oldest);
      return;
    }
  }

  #forget(key: string): void {
    this.#counters.delete(key);
    this.#callerKeyed.delete(key);
  }

  /** Forgets what is idle, so that memory does not grow with the number of keys that were ever seen. */
  #sweep(nowMs: number): void {
    if (--this.#untilSweep > 0) return;
    this.#untilSweep = SWEEP_EVERY;
    for (const [key, counter] of this.#counters) if (counter.idle(nowMs)) this.#forget(key);
    for (const [id, { reservedAtMs }] of this.#open)
      if (reservedAtMs < nowMs - FORGOTTEN_AFTER_MS) this.#open.delete(id);
  }
}

/** What is too much for the share of this process may still fit when it no longer decides alone. */
function check({ limitCharge, counter, charge }: Taken, nowMs: number): Fit {
  const fit = counter.check(charge, nowMs);
  const { max, burst = max } = limitCharge.applicable.limit;
  return fit.retryAfterMs === null && charge.amount <= burst ? { ...fit, retryAfterMs: RETRY_SOON_MS } : fit;
}

interface Denial {
  readonly index: number;
  readonly retryAfterMs: number | null;
}

/** Of all limits that deny, the one that has to be waited for longest. */
function longestDenial(taken: readonly Taken[], fits: readonly Fit[]): Denial | undefined {
  let longest: Denial | undefined;
  for (const [index, { fits: fit, retryAfterMs }] of fits.entries()) {
    if (fit || taken[index]?.charge.terms.shadow) continue;
    if (!longest || waitOf(retryAfterMs) > waitOf(longest.retryAfterMs)) longest = { index, retryAfterMs };
  }
  return longest;
}

function waitOf(retryAfterMs: number | null): number {
  return retryAfterMs ?? Infinity;
}
