import { Injectable } from '@nestjs/common';
import { PrismaService } from '../prisma/prisma.service.ts';
import { LatencyHistogram, type GroupPercentiles } from './reports/latency-histogram.ts';
import {
  eventHistograms,
  storedHistograms,
  type EventHistogram,
  type HistogramRow,
  type StoredHistogram,
} from './reports/latency-rows.ts';
import { rangeSpans, type RollupSpan } from './reports/rollup-spans.ts';
import { dimensionOf, type UsageQuestion } from './usage-question.ts';

/** Percentiles by interval (from 0; 0 in a summary) and name; null stands for no name, undefined for all of them together. */
export interface PercentileTable {
  of(interval: number, name: string | null | undefined): GroupPercentiles;
}

const DAY = 1_440;
const HOUR = 60;
/** Stored histograms in memory at one time; one is a few kilobytes. */
const PAGE_ROWS = 10_000;

/**
 * Percentiles from the histograms of whole days (of hours too, for everything together), and from the events elsewhere.
 * Histograms are merged here: Postgres would have to take each apart into rows and sort these.
 */
@Injectable()
export class LatencyRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** `starts`: of the intervals, in ms; without them, of the range as a whole. */
  async percentiles(question: UsageQuestion, starts: readonly number[] = []): Promise<PercentileTable> {
    const range = { from: question.range.from.getTime(), to: question.range.to.getTime() };
    const { rollups, events } = rangeSpans(range, starts, widthsFor(question));
    const tally = new LatencyTally({ grouped: question.groupBy !== undefined, summary: starts.length === 0 });
    const addStored = async (): Promise<void> => {
      for await (const page of this.#stored(question, rollups)) {
        for (const row of page) tally.add(indexOf(starts, row.at.getTime()), row);
      }
    };
    const addEvents = async (): Promise<void> => {
      if (events.length === 0) return;
      const query = eventHistograms(question, events, starts);
      for (const row of await this.prisma.client.$queryRaw<EventHistogram[]>(query)) tally.add(row.interval, row);
    };
    await Promise.all([addStored(), addEvents()]);
    return tally;
  }

  async *#stored(question: UsageQuestion, spans: readonly RollupSpan[]): AsyncGenerator<readonly StoredHistogram[]> {
    const dimension = dimensionOf(question);
    if (dimension === undefined || spans.length === 0) return;
    let last: StoredHistogram | undefined;
    do {
      const query = storedHistograms(question, dimension, { spans, last, limit: PAGE_ROWS });
      const page = await this.prisma.client.$queryRaw<StoredHistogram[]>(query);
      yield page;
      last = page.length < PAGE_ROWS ? undefined : page.at(-1);
    } while (last);
  }
}

/** Widths of the histograms that know what is asked for. */
function widthsFor(question: UsageQuestion): readonly number[] {
  const dimension = dimensionOf(question);
  if (dimension === 'all') return [DAY, HOUR];
  return dimension === undefined || dimension === 'user' ? [] : [DAY];
}

/** Merges histograms by interval and name; in a summary by groups also those of all names. */
class LatencyTally implements PercentileTable {
  readonly #groups = new Map<number, Map<string, LatencyHistogram>>();
  readonly #all = new LatencyHistogram();

  constructor(private readonly shape: { readonly grouped: boolean; readonly summary: boolean }) {}

  add(interval: number, { name, bins, counts }: HistogramRow): void {
    const [ofBins, ofCounts] = [integers(bins), integers(counts)];
    this.#histogram(interval, name).add(ofBins, ofCounts);
    if (this.shape.summary && this.shape.grouped) this.#all.add(ofBins, ofCounts);
  }

  of(interval: number, name: string | null | undefined): GroupPercentiles {
    if (name === undefined && this.shape.grouped) return this.#all.percentiles();
    return (this.#groups.get(interval)?.get(name ?? '') ?? new LatencyHistogram()).percentiles();
  }

  #histogram(interval: number, name: string): LatencyHistogram {
    const names = this.#groups.getOrInsertComputed(interval, () => new Map<string, LatencyHistogram>());
    return names.getOrInsertComputed(name, () => new LatencyHistogram());
  }
}

/** The integers of an array in Postgres' writing, such as `{1,2}`. */
function integers(text: string): number[] {
  return JSON.parse(`[${text.slice(1, -1)}]`) as number[];
}

/** The last of the ascending `starts` that is at or before `at`; 0 where there is none. */
function indexOf(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
