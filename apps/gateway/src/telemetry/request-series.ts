import type { CounterSeries, HistogramSeries, MetricFamily } from '@penstock/telemetry';

/** Label values of one kind of request. */
export interface RequestLabels extends Readonly<Record<string, string>> {
  readonly route: string;
  readonly method: string;
  readonly provider: string;
  readonly proxy: string;
}

/** When things happened to a request. */
export interface RequestTimes {
  readonly receivedAt: number;
  /** The gateway's own share until the answer's head was written; negative without one. */
  readonly answeredAfterMs: number;
  /** 0: no content was streamed. */
  readonly firstTokenAt: number;
}

/** The series of one kind of request, looked up once: on the hot path only plain objects are touched. */
export class RequestSeries {
  readonly #duration: HistogramSeries;
  readonly #overhead: HistogramSeries;
  readonly #firstToken: HistogramSeries;
  readonly #requests: MetricFamily<CounterSeries>;
  readonly #labels: RequestLabels;
  readonly #byStatus = new Map<number, CounterSeries>();

  constructor(
    labels: RequestLabels,
    requests: MetricFamily<CounterSeries>,
    histograms: { duration: HistogramSeries; overhead: HistogramSeries; firstToken: HistogramSeries },
  ) {
    this.#labels = labels;
    this.#requests = requests;
    this.#duration = histograms.duration;
    this.#overhead = histograms.overhead;
    this.#firstToken = histograms.firstToken;
  }

  /** Counts a request that is over. `times` are milliseconds on the monotonic clock, as the context has them. */
  observe(times: RequestTimes, status: number, durationMs: number): void {
    this.#count(status);
    this.#duration.observe(durationMs / 1000);
    if (times.answeredAfterMs >= 0) this.#overhead.observe(times.answeredAfterMs / 1000);
    if (times.firstTokenAt > 0) this.#firstToken.observe((times.firstTokenAt - times.receivedAt) / 1000);
  }

  #count(status: number): void {
    let series = this.#byStatus.get(status);
    if (!series) {
      series = this.#requests.with({ ...this.#labels, status: String(status) });
      this.#byStatus.set(status, series);
    }
    series.inc();
  }
}
