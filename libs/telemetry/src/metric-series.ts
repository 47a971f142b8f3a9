/** One line of the exposition, in the shape of prom-client. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
}

type Labels = Readonly<Record<string, string>>;

/** A sum that only grows. */
export class CounterSeries {
  #value = 0;

  /** Adds a positive number; anything else is ignored, since a counter must not fall. */
  inc(amount = 1): void {
    if (amount > 0 && amount < Infinity) this.#value += amount;
  }

  samples(_name: string, labels: Labels): Sample[] {
    return [{ value: this.#value, labels }];
  }
}

/** A number that goes up and down. */
export class GaugeSeries {
  #value = 0;

  set(value: number): void {
    this.#value = value;
  }

  inc(amount = 1): void {
    this.#value += amount;
  }

  dec(amount = 1): void {
    this.#value -= amount;
  }

  samples(_name: string, labels: Labels): Sample[] {
    return [{ value: this.#value, labels }];
  }
}

/** Counts values by size. */
export class HistogramSeries {
  readonly #bounds: readonly number[];
  /** One more than bounds: the last one counts what is larger than all of them. */
  readonly #counts: number[];
  #sum = 0;

  /** `bounds` are the inclusive upper bounds, ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  /** Counts one value; NaN and infinities are ignored. */
  observe(value: number): void {
    if (!Number.isFinite(value)) return;
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] ?? Infinity)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  samples(name: string, labels: Labels): Sample[] {
    let count = 0;
    const buckets = this.#counts.map((own, index) => {
      count += own;
      return { value: count, labels: { le: this.#bounds[index] ?? '+Inf', ...labels }, metricName: `${name}_bucket` };
    });
    return [
      ...buckets,
      { value: this.#sum, labels, metricName: `${name}_sum` },
      { value: count, labels, metricName: `${name}_count` },
    ];
  }
}
