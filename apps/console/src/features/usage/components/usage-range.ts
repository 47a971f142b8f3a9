import type { UsageEvent, UsageGroup, UsageTimeseriesQuery } from '@penstock/contracts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Ranges that end now. */
export const PRESETS = [
  { value: '1h', label: '1 h', long: 'the last hour', ms: HOUR_MS },
  { value: '24h', label: '24 h', long: 'the last 24 hours', ms: DAY_MS },
  { value: '7d', label: '7 d', long: 'the last 7 days', ms: 7 * DAY_MS },
  { value: '30d', label: '30 d', long: 'the last 30 days', ms: 30 * DAY_MS },
  { value: '90d', label: '90 d', long: 'the last 90 days', ms: 90 * DAY_MS },
  { value: '365d', label: '1 y', long: 'the last 365 days', ms: 365 * DAY_MS },
] as const;

/** A range of time: one that ends now, or two fixed times. */
export type UsageRange =
  | { readonly preset: (typeof PRESETS)[number]['value'] }
  | { readonly preset: 'custom'; readonly from: string; readonly to: string };

/** Names that usage can be narrowed to. */
export type UsageFilters = Partial<Record<UsageGroup, string>>;

/** What a chart's columns are cut by. */
export type UsageInterval = UsageTimeseriesQuery['interval'];

/** Everything that the usage page shows, as it stands in the URL. */
export interface UsageView {
  readonly range: UsageRange;
  readonly groupBy: UsageGroup;
  readonly filters: UsageFilters;
  /** In which days, weeks and months begin; the organization's where it is left out. */
  readonly timeZone?: string;
  /** The chart's columns; as fits the range where it is left out. */
  readonly interval?: UsageInterval;
  /** How single requests ended; every way where it is left out. */
  readonly outcome?: UsageEvent['outcome'];
}

/** The dimensions that usage is grouped by and narrowed to, and what the page calls them. */
export const GROUPS = [
  { value: 'key', label: 'Key' },
  { value: 'model', label: 'Model' },
  { value: 'provider', label: 'Provider' },
  { value: 'proxy', label: 'Proxy' },
  { value: 'team', label: 'Team' },
  { value: 'user', label: 'User' },
] as const satisfies readonly { value: UsageGroup; label: string }[];

/** What a chart's columns can be cut by, from fine to coarse. */
export const INTERVALS = [
  { value: 'minute', label: 'By minute', ms: 60_000 },
  { value: 'hour', label: 'By hour', ms: HOUR_MS },
  { value: 'day', label: 'By day', ms: DAY_MS },
  { value: 'week', label: 'By week', ms: 7 * DAY_MS },
  { value: 'month', label: 'By month', ms: 30 * DAY_MS },
] as const satisfies readonly { value: UsageInterval; label: string; ms: number }[];

/** How a request can end, and what the page calls it. */
export const OUTCOMES = [
  { value: 'completed', label: 'Completed' },
  { value: 'failed', label: 'Failed' },
  { value: 'refused', label: 'Refused' },
  { value: 'client-closed', label: 'Closed by the client' },
  { value: 'presumed', label: 'Presumed' },
] as const satisfies readonly { value: UsageEvent['outcome']; label: string }[];

/** Columns that a chart may have: a month by the hour. */
const MAX_COLUMNS = 750;

/** Reads the view from the URL; what is missing or unknown gets its default. */
export function readUsageView(search: URLSearchParams): UsageView {
  const groupBy = GROUPS.find(({ value }) => value === search.get('groupBy'))?.value ?? 'key';
  const named = GROUPS.map(({ value }) => [value, search.get(value)] as const).filter(([, name]) => name);
  const range = readRange(search);
  const timeZone = readTimeZone(search.get('timeZone'));
  const interval = intervalsOf(boundsOf(range, 0)).find((value) => value === search.get('interval'));
  const outcome = OUTCOMES.find(({ value }) => value === search.get('outcome'))?.value;
  return {
    range,
    groupBy,
    filters: Object.fromEntries(named),
    ...(timeZone ? { timeZone } : {}),
    ...(interval ? { interval } : {}),
    ...(outcome ? { outcome } : {}),
  };
}

function readTimeZone(name: string | null): string | undefined {
  if (!name || /^[+-]/.test(name)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return undefined; // a name that no database knows stands in the URL
  }
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

interface Bounds {
  readonly from: string;
  readonly to: string;
}

/** The range in fixed times, with `now` as the end of those that end now. */
export function boundsOf(range: UsageRange, nowMs: number): Bounds {
  if (range.preset === 'custom') return { from: range.from, to: range.to };
  const ms = PRESETS.find(({ value }) => value === range.preset)?.ms ?? DAY_MS;
  return { from: new Date(nowMs - ms).toISOString(), to: new Date(nowMs).toISOString() };
}

const lengthOf = ({ from, to }: Bounds): number => new Date(to).getTime() - new Date(from).getTime();

/** The intervals that a range can be cut into for a chart. */
export function intervalsOf(bounds: Bounds): UsageInterval[] {
  const length = lengthOf(bounds);
  return INTERVALS.filter(({ ms }) => length / ms <= MAX_COLUMNS && ms <= length).map(({ value }) => value);
}

/** The bucket width that gives a readable chart: at most some 120 columns. */
export function intervalOf(bounds: Bounds): UsageInterval {
  const length = lengthOf(bounds);
  if (length <= 2 * HOUR_MS) return 'minute';
  if (length <= 5 * DAY_MS) return 'hour';
  return length <= 100 * DAY_MS ? 'day' : 'week';
}

/** The range in words. */
export function describeRange(range: UsageRange): string {
  return PRESETS.find(({ value }) => value === range.preset)?.long ?? 'the chosen range';
}
