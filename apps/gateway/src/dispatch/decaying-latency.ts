/** After so long without an answer, what was known counts for a third. */
const DECAY_MS = 30_000;
/** What one answer counts at least for: many answers at once must not make the average deaf. */
const LEAST_WEIGHT = 0.1;
/** The same when it is slower than the average: what becomes slow is found out at once, what becomes fast by and by. */
const LEAST_WEIGHT_OF_RISE = 0.3;

/** An average of durations in which newer ones count more, and slower ones at once. */
export class DecayingLatency {
  #average: number | null = null;
  #observedAt = 0;

  /** Null: nothing has been observed. */
  get average(): number | null {
    return this.#average;
  }

  /** `now` on the monotonic clock, ms. */
  observe(duration: number, now: number): void {
    const before = this.#average;
    const weight = 1 - Math.exp(-Math.max(0, now - this.#observedAt) / DECAY_MS);
    this.#observedAt = now;
    if (before === null) {
      this.#average = duration;
      return;
    }
    const least = duration > before ? LEAST_WEIGHT_OF_RISE : LEAST_WEIGHT;
    this.#average = before + (duration - before) * Math.max(weight, least);
  }
}
