import type { UsageGroup, UsageTimeseriesQuery } from '@penstock/contracts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Ranges that end now. */
export const PRESETS = [
  { value: '1h', label: '1 h', long: 'the last hour', ms: HOUR_MS },
  { value: '24h', label: '24 h', long: 'the last 24 hours', ms: DAY_MS },
  { value: '7d', label: '7 d', long: 'the last 7 days', ms: 7 * DAY_MS },
  { value: '30d', label: '30 d', long: 'the last 30 days', ms: 30 * DAY_MS },
] as const;

/** A range of time: one that ends now, or two fixed times. */
export type UsageRange =
  | { readonly preset: (typeof PRESETS)[number]['value'] }
  | { readonly preset: 'custom'; readonly from: string; readonly to: string };

/** Names that usage can be narrowed to. */
export type UsageFilters = Partial<Record<UsageGroup, string>>;

/** Everything that the usage page shows, as it stands in the URL. */
export interface UsageView {
  readonly range: UsageRange;
  readonly groupBy: UsageGroup;
  readonly filters: UsageFilters;
}

/** The dimensions that usage is grouped by and narrowed to, and what the page calls them. */
export const GROUPS = [
  { value: 'key', label: 'Key' },
  { value: 'model', label: 'Model' },
  { value: 'provider', label: 'Provider' },
  { value: 'proxy', label: 'Proxy' },
  { value: 'team', label: 'Team' },
] as const satisfies readonly { value: UsageGroup; label: string }[];

/** Reads the view from the URL; what is missing or unknown gets its default. */
export function readUsageView(search: URLSearchParams): UsageView {
  const groupBy = GROUPS.find(({ value }) => value === search.get('groupBy'))?.value ?? 'key';
  const named = GROUPS.map(({ value }) => [value, search.get(value)] as const).filter(([, name]) => name);
  return { range: readRange(search), groupBy, filters: Object.fromEntries(named) };
}

function readRange(search: URLSearchParams): UsageRange {
  const from = readTime(search.get('from'));
  const to = readTime(search.get('to'));
  if (from && to && from < to) return { preset: 'custom', from, to };
  return { preset: PRESETS.find(({ value }) => value === search.get('range'))?.value ?? '24h' };
}

function readTime(text: string | null): string | undefined {
  const time = text ? new Date(text) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** The range in fixed times, with `now` as the end of those that end now. */
export function boundsOf(range: UsageRange, nowMs: number): { readonly from: string; readonly to: string } {
  if (range.preset === 'custom') return { from: range.from, to: range.to };
  const ms = PRESETS.find(({ value }) => value === range.preset)?.ms ?? DAY_MS;
  return { from: new Date(nowMs - ms).toISOString(), to: new Date(nowMs).toISOString() };
}

/** The bucket width that gives a readable chart: at most some 120 columns. */
export function intervalOf({
  from,
  to,
}: {
  readonly from: string;
  readonly to: string;
}): UsageTimeseriesQuery['interval'] {
  const ms = new Date(to).getTime() - new Date(from).getTime();
  if (ms <= 2 * HOUR_MS) return 'minute';
  return ms <= 5 * DAY_MS ? 'hour' : 'day';
}

/** The range in words. */
export function describeRange(range: UsageRange): string {
  return PRESETS.find(({ value }) => value === range.preset)?.long ?? 'the chosen range';
}
