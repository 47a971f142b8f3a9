import type { Fit } from '../gcra.ts';
import { RETRY_SOON_MS, type Counter, type CounterCharge, type Terms } from './counter.ts';
import { Leases } from './leases.ts';

/** What runs now. A lease that is not renewed frees its place. */
export class ConcurrencyCounter implements Counter {
  readonly #leases = new Leases();

  check({ terms, amount }: CounterCharge, nowMs: number): Fit {
    this.#leases.expire(nowMs);
    return {
      fits: this.#leases.total + amount <= terms.max,
      retryAfterMs: amount > terms.max ? null : RETRY_SOON_MS,
    };
  }

  take({ reservationId, amount }: CounterCharge, leaseUntilMs: number): void {
    if (amount > 0) this.#leases.hold(reservationId, amount, leaseUntilMs);
  }

  renew({ reservationId }: CounterCharge, leaseUntilMs: number, nowMs: number): void {
    this.#leases.expire(nowMs);
    this.#leases.renew(reservationId, leaseUntilMs);
  }

  settle({ reservationId }: CounterCharge): void {
    this.#leases.release(reservationId);
  }

  status(terms: Terms, nowMs: number): { remaining: number; resetAfterMs: number } {
    this.#leases.expire(nowMs);
    return {
      remaining: Math.max(0, terms.max - this.#leases.total),
      resetAfterMs: Math.max(0, this.#leases.lastUntilMs - nowMs),
    };
  }

  idle(nowMs: number): boolean {
    this.#leases.expire(nowMs);
    return this.#leases.empty;
  }
}
