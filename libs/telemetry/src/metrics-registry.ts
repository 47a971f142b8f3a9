import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import { LabelSets } from './label-sets.ts';
import { type Aggregator, type MetricDescription, MetricFamily } from './metric-family.ts';
import { CounterSeries, GaugeSeries, HistogramSeries, type Sample } from './metric-series.ts';

/** One metric with its samples as plain data, fit for sending to another process. */
export interface MetricRecord {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly aggregator: string;
  readonly values: readonly Sample[];
}

/** Names of a metric's labels, or the values that each of them may have (in all metrics: a label means the same in each). */
export type LabelDefinition = readonly string[] | Readonly<Record<string, readonly string[]>>;

/** Upper bounds in seconds that fit both the gateway's own overhead and long generations. */
const DURATION_BOUNDS_S = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
];

/**
 * The metrics of one process. Series are plain objects of our own (see {@link MetricFamily}); prom-client writes them out,
 * adds up processes and contributes the process metrics.
 */
export class MetricsRegistry {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  readonly #sets = new LabelSets();
  readonly #families: MetricFamily<CounterSeries | GaugeSeries | HistogramSeries>[] = [];
  readonly #beforeCollect: (() => void)[] = [];

  constructor(options: { readonly processMetrics?: boolean } = {}) {
    if (options.processMetrics) collectDefaultMetrics({ register: this.#registry });
  }

  counter(name: string, help: string, labels: LabelDefinition = []): MetricFamily<CounterSeries> {
    const description = {
      name,
      help,
      type: 'counter',
      labelNames: this.#labelNames(labels),
      aggregator: 'sum',
    } as const;
    return this.#add(new MetricFamily(description, this.#sets, () => new CounterSeries()));
  }

  /** `aggregator` says how the processes of one gateway add up: a sum unless told otherwise. */
  gauge(
    name: string,
    help: string,
    labels: LabelDefinition = [],
    aggregator: Aggregator = 'sum',
  ): MetricFamily<GaugeSeries> {
    const description = { name, help, type: 'gauge', labelNames: this.#labelNames(labels), aggregator } as const;
    return this.#add(new MetricFamily(description, this.#sets, () => new GaugeSeries()));
  }

  /** `bounds` are the buckets' upper bounds, ascending: from 1 ms to 10 minutes in seconds unless told otherwise. */
  histogram(
    name: string,
    help: string,
    labels: LabelDefinition = [],
    bounds: readonly number[] = DURATION_BOUNDS_S,
  ): MetricFamily<HistogramSeries> {
    const description = {
      name,
      help,
      type: 'histogram',
      labelNames: this.#labelNames(labels),
      aggregator: 'sum',
    } as const;
    return this.#add(new MetricFamily(description, this.#sets, () => new HistogramSeries(bounds)));
  }

  /**
   * Says which values a label may have from now on, in every metric; others become `other` and their series are dropped.
   * Call it when a snapshot is applied, before resolving series with `with()`. What a request that still runs adds to a
   * dropped series is not seen.
   */
  setLabelValues(label: string, values: Iterable<string>): void {
    this.#sets.configure(label, [...values, 'other']);
    for (const family of this.#families) family.prune();
  }

  /** Runs before each exposition, to set gauges that are only looked up then. */
  beforeCollect(listener: () => void): void {
    this.#beforeCollect.push(listener);
  }

  /** The text exposition. */
  async text(): Promise<string> {
    this.#collect();
    return this.#registry.metrics();
  }

  /** The same as plain data, for {@link aggregateMetrics} in another process. */
  async json(): Promise<readonly MetricRecord[]> {
    this.#collect();
    return (await this.#registry.getMetricsAsJSON()) as unknown as readonly MetricRecord[];
  }

  #collect(): void {
    for (const listener of this.#beforeCollect) listener();
  }

  #labelNames(labels: LabelDefinition): readonly string[] {
    if (isNames(labels)) return labels;
    for (const [label, values] of Object.entries(labels)) this.#sets.configure(label, [...values, 'other']);
    return Object.keys(labels);
  }

  #add<T extends CounterSeries | GaugeSeries | HistogramSeries>(family: MetricFamily<T>): MetricFamily<T> {
    this.#registry.registerMetric(readable(family.description, () => family.samples()));
    this.#families.push(family);
    return family;
  }
}

/** What prom-client asks of a metric when it writes it out: its description and `get()`. */
function readable(description: MetricDescription, samples: () => Sample[]): Metric {
  const { name, help, type, aggregator } = description;
  const metric = { name, help, type, aggregator, get: () => ({ name, help, type, aggregator, values: samples() }) };
  return metric as unknown as Metric;
}

function isNames(labels: LabelDefinition): labels is readonly string[] {
  return Array.isArray(labels);
}
