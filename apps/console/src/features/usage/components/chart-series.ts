import type { UsageGroup, UsageTimeseries, UsageTotals } from '@penstock/contracts';
import { followingInterval, startOfInterval } from '../../../lib/zoned-time.ts';

/** What a usage chart can show. */
export type UsageMetric = 'requests' | 'tokens' | 'cost';

/** Series that a chart shows by name; the rest is one series called {@link OTHERS}. */
const MAX_SERIES = 6;

/** Name of what is not shown by its own name. */
export const OTHERS = 'Others';

/** What usage without a name in the group is called. */
export const UNNAMED = '(none)';

/** One column of a chart: the start of its bucket, and a figure for each series. */
export type ChartRow = { readonly start: string } & Readonly<Record<string, string | number>>;

/** A chart's columns and the names of its series, the largest first. */
export interface ChartData {
  readonly rows: readonly ChartRow[];
  readonly series: readonly string[];
}

/** The figure of a metric; cost in dollars. */
export function metricOf(totals: UsageTotals, metric: UsageMetric): number {
  if (metric === 'requests') return totals.requests;
  return metric === 'tokens' ? totals.inputTokens + totals.outputTokens : totals.costMicroUsd / 1_000_000;
}

/** A time series as stacked columns, one series for each of the largest names; buckets without requests are zero. */
export function stackByGroup(timeseries: UsageTimeseries, groupBy: UsageGroup, metric: UsageMetric): ChartData {
  const totals = new Map<string, number>();
  for (const item of timeseries.items) {
    const name = item[groupBy] ?? UNNAMED;
    totals.set(name, (totals.get(name) ?? 0) + metricOf(item, metric));
  }
  const ranked = [...totals.keys()].sort((left, right) => (totals.get(right) ?? 0) - (totals.get(left) ?? 0));
  const named = new Set(ranked.slice(0, ranked.length > MAX_SERIES + 1 ? MAX_SERIES : MAX_SERIES + 1));
  const series = named.size < ranked.length ? [...named, OTHERS] : [...named];
  const rows = emptyRows(timeseries, series);
  for (const item of timeseries.items) {
    const name = item[groupBy] ?? UNNAMED;
    add(rows, item.start, named.has(name) ? name : OTHERS, metricOf(item, metric));
  }
  return { rows: [...rows.values()], series };
}

/** Requests by outcome. */
export function stackByOutcome(timeseries: UsageTimeseries): ChartData {
  const series = ['Succeeded', 'Failed'];
  const rows = emptyRows(timeseries, series);
  for (const item of timeseries.items) {
    add(rows, item.start, 'Succeeded', item.requests - item.errors);
    add(rows, item.start, 'Failed', item.errors);
  }
  return { rows: [...rows.values()], series };
}

type MutableRow = { start: string } & Record<string, string | number>;

/** A row for each bucket, also where nothing happened; cut as the report was, in its time zone. */
function emptyRows(timeseries: UsageTimeseries, series: readonly string[]): Map<number, MutableRow> {
  const { from, to, interval, timeZone, items } = timeseries;
  const starts = new Set(items.map(({ start }) => new Date(start).getTime()));
  const endMs = new Date(to).getTime();
  let startMs = startOfInterval(new Date(from).getTime(), interval, timeZone);
  for (; startMs < endMs; startMs = followingInterval(startMs, interval, timeZone)) starts.add(startMs);
  const zeros = Object.fromEntries(series.map((name) => [name, 0]));
  return new Map(
    [...starts]
      .toSorted((left, right) => left - right)
      .map((ms) => [ms, { start: new Date(ms).toISOString(), ...zeros }]),
  );
}

function add(rows: Map<number, MutableRow>, start: string, name: string, figure: number): void {
  const row = rows.get(new Date(start).getTime());
  if (row) row[name] = Number(row[name] ?? 0) + figure;
}
