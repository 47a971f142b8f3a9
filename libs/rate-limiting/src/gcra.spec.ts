import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GcraMeter, type Rate } from './gcra.ts';
import { RATE_WINDOW_US } from './limit-kind.ts';

/** The textbook's GCRA in exact fractions: times are kept in 1 / max of a microsecond. */
class ReferenceGcra {
  readonly #rate: Rate;
  #arrival = 0n;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  take(amount: number, nowMs: number): boolean {
    const max = BigInt(this.#rate.max);
    const windowUs = BigInt(RATE_WINDOW_US[this.#rate.window]);
    const now = BigInt(nowMs) * 1_000n * max;
    const from = this.#arrival > now ? this.#arrival : now;
    const arrival = from + BigInt(amount) * windowUs;
    if (arrival - now > BigInt(this.#rate.burst) * windowUs) return false;
    this.#arrival = arrival;
    return true;
  }
}

const rates = fc
  .record({
    window: fc.constantFrom('second', 'minute', 'hour'),
    max: fc.integer({ min: 1, max: 100_000 }),
    part: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ window, max, part }): Rate => ({ window, max, burst: Math.ceil(max / part) }));
/** How long after the one before, and how much of the burst it takes. */
const attempts = fc.array(fc.record({ afterMs: fc.nat(2_000), percent: fc.nat(60) }), { maxLength: 60 });

const START_MS = Date.UTC(2026, 0, 1);

describe('the meter of a rate', () => {
  it('decides as the textbook does', () => {
    fc.assert(
      fc.property(rates, attempts, (rate, tries) => {
        const [meter, reference] = [new GcraMeter(), new ReferenceGcra(rate)];
        let nowMs = START_MS;
        for (const { afterMs, percent } of tries) {
          nowMs += afterMs;
          const amount = Math.ceil((rate.burst * percent) / 100);
          const { fits } = meter.check(rate, amount, nowMs);
          if (fits) meter.add(rate, amount, nowMs);
          expect(fits).toBe(reference.take(amount, nowMs));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('admits in any span of time at most the burst and what drains, whatever the clock does', () => {
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: -2_000, max: 2_000 }), { maxLength: 60 }), (rate, steps) => {
        const meter = new GcraMeter();
        let [nowMs, passedMs, admitted] = [START_MS, 0, 0];
        for (const step of steps) {
          nowMs += step;
          passedMs += Math.max(0, step); // a clock that goes back must not give anything
          const amount = Math.max(1, Math.floor(rate.burst / 3));
          if (!meter.check(rate, amount, nowMs).fits) continue;
          meter.add(rate, amount, nowMs);
          admitted += amount;
        }
        expect(admitted).toBeLessThanOrEqual(
          rate.burst + (passedMs * 1_000 * rate.max) / RATE_WINDOW_US[rate.window] + 1,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('says truly when to come again', () => {
    fc.assert(
      fc.property(rates, fc.nat(100), (rate, percent) => {
        const meter = new GcraMeter();
        const amount = Math.max(1, Math.ceil((rate.burst * percent) / 100));
        meter.add(rate, rate.burst, START_MS);
        const { retryAfterMs } = meter.check(rate, amount, START_MS);
        expect(meter.check(rate, amount, START_MS + (retryAfterMs ?? 0)).fits).toBe(true);
        expect(meter.check(rate, amount, START_MS + (retryAfterMs ?? 0) - 2).fits).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
