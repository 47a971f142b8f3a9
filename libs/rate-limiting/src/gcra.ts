import { RATE_WINDOW_US, type RateWindow } from './limit-kind.ts';

/** A rate: `max` units in each window, at most `burst` at once. */
export interface Rate {
  readonly window: RateWindow;
  readonly max: number;
  readonly burst: number;
}

/** What came of a charge that was tried. */
export interface Fit {
  readonly fits: boolean;
  /** Until it would fit; null when it never can. */
  readonly retryAfterMs: number | null;
}

/** More than all rounding (of a count of units, and of a double that holds an hour), and far less than can be charged. */
const epsilonUs = (unitUs: number): number => 1e-7 * unitUs + 1e-6;

/**
 * The generic cell rate algorithm as a meter: `debt` is how far the theoretical arrival time lies in the future. In any span
 * of time T it admits at most burst + T × max / window. The same rule as in `scripts/limit-state.lua`.
 */
export class GcraMeter {
  #atUs = 0;
  #debtUs = 0;

  /** Whether `amount` units fit now; changes nothing. */
  check(rate: Rate, amount: number, nowMs: number): Fit {
    const unitUs = unitMicroseconds(rate);
    const afterUs = this.#debt(nowMs) + amount * unitUs;
    const overUs = afterUs - rate.burst * unitUs;
    return {
      fits: overUs <= epsilonUs(unitUs),
      retryAfterMs: amount > rate.burst ? null : Math.max(0, Math.ceil(overUs / 1_000)),
    };
  }

  /** Adds units without asking, also beyond the limit, or gives some back. `cap` keeps the debt within the burst. */
  add(rate: Rate, units: number, nowMs: number, cap = false): void {
    const unitUs = unitMicroseconds(rate);
    const beforeUs = this.#debt(nowMs);
    const afterUs = Math.max(0, beforeUs + units * unitUs);
    this.#debtUs = cap ? Math.min(afterUs, Math.max(beforeUs, rate.burst * unitUs)) : afterUs;
    this.#atUs = nowMs * 1_000;
  }

  /** Whole units left now. */
  remaining(rate: Rate, nowMs: number): number {
    const unitUs = unitMicroseconds(rate);
    return Math.max(0, Math.floor(rate.burst - (this.#debt(nowMs) - epsilonUs(unitUs)) / unitUs));
  }

  /** Units that are not drained yet, with their fraction. */
  outstanding(rate: Rate, nowMs: number): number {
    return this.#debt(nowMs) / unitMicroseconds(rate);
  }

  /** Until nothing is owed. */
  resetAfterMs(nowMs: number): number {
    return Math.ceil(this.#debt(nowMs) / 1_000);
  }

  /** A clock that went back drains nothing. */
  #debt(nowMs: number): number {
    return Math.max(0, this.#debtUs - Math.max(0, nowMs * 1_000 - this.#atUs));
  }
}

function unitMicroseconds({ window, max }: Rate): number {
  return RATE_WINDOW_US[window] / max;
}
