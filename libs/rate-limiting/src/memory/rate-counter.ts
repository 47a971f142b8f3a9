import { GcraMeter, type Fit, type Rate } from '../gcra.ts';
import type { RateWindow } from '../limit-kind.ts';
import type { Counter, CounterCharge, Terms } from './counter.ts';

/** A smooth rate. */
export class RateCounter implements Counter {
  readonly #meter = new GcraMeter();
  readonly #window: RateWindow;

  constructor(window: RateWindow) {
    this.#window = window;
  }

  check({ terms, amount }: CounterCharge, nowMs: number): Fit {
    return this.#meter.check(this.#rate(terms), amount, nowMs);
  }

  take({ terms, amount }: CounterCharge, _leaseUntilMs: number, nowMs: number): void {
    if (amount > 0) this.#meter.add(this.#rate(terms), amount, nowMs, terms.shadow);
  }

  renew(): void {
    // A rate is spent when it is taken; there is no lease.
  }

  settle({ terms, amount }: CounterCharge, actual: number, { nowMs }: { readonly nowMs: number }): void {
    if (actual !== amount) this.#meter.add(this.#rate(terms), actual - amount, nowMs, terms.shadow);
  }

  status(terms: Terms, nowMs: number): { remaining: number; resetAfterMs: number } {
    return {
      remaining: this.#meter.remaining(this.#rate(terms), nowMs),
      resetAfterMs: this.#meter.resetAfterMs(nowMs),
    };
  }

  idle(nowMs: number): boolean {
    return this.#meter.resetAfterMs(nowMs) === 0;
  }

  #rate({ max, burst }: Terms): Rate {
    return { window: this.#window, max, burst };
  }
}
