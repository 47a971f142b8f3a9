interface Weighted {
  /** Under way from then on, inclusive. */
  readonly from: number;
  /** And until then, inclusive. */
  readonly until: number;
  readonly weight: number;
}

/** Sums the weights of what is under way at a time, in O(log n). */
export class UnderWaySum {
  readonly #begun: Steps;
  readonly #over: Steps;

  constructor(items: readonly Weighted[]) {
    this.#begun = new Steps(items.map(({ from, weight }) => [from, weight]));
    this.#over = new Steps(items.map(({ until, weight }) => [until, weight]));
  }

  at(time: number): number {
    return this.#begun.sumUpTo(time, true) - this.#over.sumUpTo(time, false);
  }
}

/** Sums of weights up to a time. */
class Steps {
  readonly #times: readonly number[];
  readonly #sums: readonly number[];

  constructor(steps: readonly (readonly [time: number, weight: number])[]) {
    const sorted = steps.toSorted(([one], [other]) => one - other);
    let sum = 0;
    this.#times = sorted.map(([time]) => time);
    this.#sums = sorted.map(([, weight]) => (sum += weight));
  }

  sumUpTo(time: number, inclusive: boolean): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.#times[middle] ?? 0;
      if (at < time || (inclusive && at === time)) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (this.#sums[low - 1] ?? 0);
  }
}
