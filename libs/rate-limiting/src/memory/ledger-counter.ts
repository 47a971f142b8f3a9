import type { Fit } from '../gcra.ts';
import { ledgerWindow } from '../limit-kind.ts';
import { ROLLING_WINDOW_MS, rollingSliceMs } from '../rolling-slices.ts';
import { windowAt } from '../window-at.ts';
import { RETRY_SOON_MS, type Counter, type CounterCharge, type Terms } from './counter.ts';
import { Leases } from './leases.ts';
import { Slices } from './slices.ts';

/**
 * What was spent and what is held in a calendar window, or in a rolling one; the same rules as in `scripts/limit-state.lua`.
 * A calendar window is a single slice; what was reserved in a slice is spent in it.
 */
export class LedgerCounter implements Counter {
  readonly #leases = new Leases();
  readonly #spent = new Slices();
  /** In which slice a lease was taken. */
  readonly #sliceOfLease = new Map<string, number>();
  #startMs = -Infinity;
  #endMs = -Infinity;
  #terms: Terms | undefined;

  check({ terms, amount }: CounterCharge, nowMs: number): Fit {
    this.#roll(terms, nowMs);
    const fits = this.#spent.total + this.#leases.total + amount <= terms.max;
    const soon = this.#spent.total + amount <= terms.max ? RETRY_SOON_MS : Infinity;
    const retryAfterMs = fits ? 0 : Math.min(soon, this.#roomAfterMs(terms, amount, nowMs));
    return { fits, retryAfterMs: amount > terms.max ? null : retryAfterMs };
  }

  take({ reservationId, amount, terms }: CounterCharge, leaseUntilMs: number, nowMs: number): void {
    this.#roll(terms, nowMs);
    this.#leases.hold(reservationId, amount, leaseUntilMs);
    this.#sliceOfLease.set(reservationId, this.#sliceAt(terms, nowMs));
  }

  renew({ reservationId, terms }: CounterCharge, leaseUntilMs: number, nowMs: number): void {
    this.#roll(terms, nowMs);
    this.#leases.renew(reservationId, leaseUntilMs);
  }

  settle(
    { reservationId, amount, terms }: CounterCharge,
    actual: number,
    { nowMs, reservedAtMs }: { readonly nowMs: number; readonly reservedAtMs: number },
  ): void {
    this.#roll(terms, nowMs);
    const held = this.#leases.release(reservationId) !== undefined;
    this.#sliceOfLease.delete(reservationId);
    // Held in a window that is over, or in a slice that has left it: it belongs there.
    if (reservedAtMs < this.#startMs) return;
    // A lease that ran out was counted as spent with its whole amount.
    this.#spent.add(this.#sliceAt(terms, reservedAtMs), held ? actual : actual - amount);
  }

  status(terms: Terms, nowMs: number): { remaining: number; resetAfterMs: number } {
    this.#roll(terms, nowMs);
    const used = this.#spent.total + this.#leases.total;
    const untilEndMs = this.#endMs - nowMs;
    const rollingMs = used > 0 ? untilEndMs + ROLLING_WINDOW_MS[ledgerWindow(terms.limit)] : 0;
    return { remaining: Math.max(0, terms.max - used), resetAfterMs: isRolling(terms) ? rollingMs : untilEndMs };
  }

  idle(nowMs: number): boolean {
    if (this.#terms) this.#roll(this.#terms, nowMs);
    return this.#spent.total === 0 && this.#leases.empty;
  }

  #sliceAt(terms: Terms, ms: number): number {
    if (!isRolling(terms)) return this.#startMs;
    const sliceMs = rollingSliceMs(ledgerWindow(terms.limit));
    return Math.floor(ms / sliceMs) * sliceMs;
  }

  #roomAfterMs(terms: Terms, amount: number, nowMs: number): number {
    if (!isRolling(terms)) return this.#endMs - nowMs;
    const window = ledgerWindow(terms.limit);
    const last = this.#spent.goneWith(this.#spent.total + amount - terms.max) ?? this.#sliceAt(terms, nowMs);
    return last + rollingSliceMs(window) + ROLLING_WINDOW_MS[window] - nowMs;
  }

  /** Begins a new window or slice when its time has come; a clock that went back stays in the newer one. */
  #roll(terms: Terms, nowMs: number): void {
    this.#terms = terms;
    const { startMs, endMs } = windowAt(terms.limit, terms.timeZone, nowMs);
    // A calendar window that another time zone cuts short goes on to that zone's next boundary; nothing spent is forgotten.
    const over = isRolling(terms) ? startMs > this.#startMs : startMs >= this.#endMs;
    if (over) this.#begin(terms, startMs);
    if (nowMs >= this.#endMs) this.#endMs = endMs;
    this.#leases.expire(nowMs, (id, amount) => {
      const sliceMs = this.#sliceOfLease.get(id) ?? this.#startMs;
      this.#sliceOfLease.delete(id);
      if (sliceMs >= this.#startMs) this.#spent.add(sliceMs, amount);
    });
  }

  #begin(terms: Terms, startMs: number): void {
    this.#startMs = startMs;
    this.#spent.dropBefore(startMs);
    if (isRolling(terms)) return;
    this.#leases.clear();
    this.#sliceOfLease.clear();
  }
}

function isRolling({ limit }: Terms): boolean {
  return limit.alignment === 'rolling';
}
