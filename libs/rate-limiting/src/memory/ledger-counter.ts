import { calendarWindow } from '../calendar-window.ts';
import type { Fit } from '../gcra.ts';
import type { LedgerWindow } from '../limit-kind.ts';
import { RETRY_SOON_MS, type Counter, type CounterCharge, type Terms } from './counter.ts';
import { Leases } from './leases.ts';

/** What was spent and what is held in one calendar window. */
export class LedgerCounter implements Counter {
  readonly #window: LedgerWindow;
  readonly #leases = new Leases();
  #spent = 0;
  #startMs = 0;
  #endMs = 0;

  constructor(window: LedgerWindow) {
    this.#window = window;
  }

  check({ terms, amount }: CounterCharge, nowMs: number): Fit {
    this.#roll(nowMs);
    const untilResetMs = this.#endMs - nowMs;
    const soonMs = this.#spent + amount <= terms.max ? Math.min(RETRY_SOON_MS, untilResetMs) : untilResetMs;
    return {
      fits: this.#spent + this.#leases.total + amount <= terms.max,
      retryAfterMs: amount > terms.max ? null : soonMs,
    };
  }

  take({ reservationId, amount }: CounterCharge, leaseUntilMs: number, nowMs: number): void {
    this.#roll(nowMs);
    this.#leases.hold(reservationId, amount, leaseUntilMs);
  }

  renew({ reservationId }: CounterCharge, leaseUntilMs: number, nowMs: number): void {
    this.#roll(nowMs);
    this.#leases.renew(reservationId, leaseUntilMs);
  }

  settle(
    { reservationId, amount }: CounterCharge,
    actual: number,
    { nowMs, reservedAtMs }: { readonly nowMs: number; readonly reservedAtMs: number },
  ): void {
    this.#roll(nowMs);
    if (reservedAtMs < this.#startMs) return; // held in a window that is over: it belongs there
    const held = this.#leases.release(reservationId) !== undefined;
    // A lease that ran out was counted as spent with its whole amount.
    this.#spent = Math.max(0, this.#spent + (held ? actual : actual - amount));
  }

  status(terms: Terms, nowMs: number): { remaining: number; resetAfterMs: number } {
    this.#roll(nowMs);
    return { remaining: Math.max(0, terms.max - this.#spent - this.#leases.total), resetAfterMs: this.#endMs - nowMs };
  }

  idle(nowMs: number): boolean {
    this.#roll(nowMs);
    return this.#spent === 0 && this.#leases.empty;
  }

  /** Begins a new window when its time has come; a clock that went back stays in the newer one. */
  #roll(nowMs: number): void {
    const { startMs, endMs } = calendarWindow(this.#window, nowMs);
    if (startMs > this.#startMs) {
      this.#startMs = startMs;
      this.#endMs = endMs;
      this.#spent = 0;
      this.#leases.clear();
    }
    this.#spent += this.#leases.expire(nowMs);
  }
}
