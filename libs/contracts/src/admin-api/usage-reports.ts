import { z } from 'zod';
import { TimeZone } from '../resources/organization.ts';
import { UsageOutcome } from '../usage/usage-event.ts';
import { PageQuery } from './page.ts';

export const UsageGroup = z.enum(['key', 'team', 'proxy', 'provider', 'model', 'user']);
export type UsageGroup = z.infer<typeof UsageGroup>;

/** An instant, or a date such as `2026-11-01`: the instant at which that day begins in the report's time zone. */
const Bound = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: "must be a time such as '2026-11-01T00:00:00Z' or a date such as '2026-11-01'",
});

const range = {
  /** Inclusive; 24 hours before `to` where it is left out. */
  from: Bound.optional(),
  /** Exclusive; now where it is left out. */
  to: Bound.optional(),
  key: z.string().max(253).optional(),
  team: z.string().max(253).optional(),
  proxy: z.string().max(253).optional(),
  provider: z.string().max(253).optional(),
  model: z.string().max(255).optional(),
  /** Whom callers name as their user. */
  user: z.string().max(128).optional(),
  /** In which days, weeks and months begin; the organization's where it is left out. */
  timeZone: TimeZone.optional(),
};

export const UsageSummaryQuery = z
  .object({
    ...range,
    groupBy: UsageGroup.optional(),
    /** Also the percentiles of latency; they take longer. */
    percentiles: z.stringbool().default(false),
  })
  .meta({ id: 'UsageSummaryQuery' });
export type UsageSummaryQuery = z.infer<typeof UsageSummaryQuery>;

export const UsageInterval = z.enum(['minute', 'hour', 'day', 'week', 'month']);
export const UsageTimeseriesQuery = UsageSummaryQuery.extend({
  interval: UsageInterval.default('hour'),
  /** Only so many groups, those with the most requests in the range; all where it is left out. */
  top: z.coerce.number().int().min(1).max(100).optional(),
}).meta({ id: 'UsageTimeseriesQuery' });
export type UsageTimeseriesQuery = z.infer<typeof UsageTimeseriesQuery>;

/** Which events: those of the range that have all of the names. */
const eventFilter = {
  ...range,
  outcome: UsageOutcome.optional(),
  status: z.coerce.number().int().min(100).max(599).optional(),
};

/** `GET /usage/events`; `cursor` is the page's before. */
export const UsageEventsQuery = z
  .object({ ...eventFilter, limit: PageQuery.shape.limit, cursor: PageQuery.shape.cursor })
  .meta({ id: 'UsageEventsQuery' });
export type UsageEventsQuery = z.infer<typeof UsageEventsQuery>;

/** `GET /usage/export.csv`. */
export const UsageExportQuery = z.object(eventFilter).meta({ id: 'UsageExportQuery' });
export type UsageExportQuery = z.infer<typeof UsageExportQuery>;

/** `GET /usage/focus.csv`: a row for each hour or day of the report's time zone. */
export const UsageFocusQuery = z
  .object({ ...range, interval: z.enum(['hour', 'day']).default('day') })
  .meta({ id: 'UsageFocusQuery' });
export type UsageFocusQuery = z.infer<typeof UsageFocusQuery>;

/** Milliseconds; from a histogram whose bins are 5 % wide. */
export const LatencyPercentiles = z
  .object({ p50: z.number(), p90: z.number(), p95: z.number(), p99: z.number() })
  .meta({ id: 'LatencyPercentiles' });
export type LatencyPercentiles = z.infer<typeof LatencyPercentiles>;

export const UsageTotals = z
  .object({
    requests: z.int(),
    errors: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cachedInputTokens: z.int(),
    cacheWriteTokens: z.int(),
    reasoningTokens: z.int(),
    costMicroUsd: z.int(),
    /** Requests whose price is unknown; they are missing in `costMicroUsd`. */
    unknownCostRequests: z.int(),
    /** Requests whose tokens no upstream reported: they were estimated, or presumed after a crash. */
    estimatedRequests: z.int(),
    /** Mean over the requests that finished, milliseconds; null without any. */
    averageDurationMs: z.number().nullable(),
    averageFirstTokenMs: z.number().nullable(),
    /** Of the requests that finished; only where percentiles were asked for, null without any. */
    durationMs: LatencyPercentiles.nullable().optional(),
    firstTokenMs: LatencyPercentiles.nullable().optional(),
  })
  .meta({ id: 'UsageTotals' });
export type UsageTotals = z.infer<typeof UsageTotals>;

const group = {
  key: z.string().nullable().optional(),
  team: z.string().nullable().optional(),
  proxy: z.string().nullable().optional(),
  provider: z.string().nullable().optional(),
  model: z.string().nullable().optional(),
  user: z.string().nullable().optional(),
};

/** The grouped name stands under the group's own name: `{"key": "app-1", "requests": 3, ...}`. */
export const UsageSummary = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    timeZone: z.string(),
    /** The 1000 with the most requests, those first. */
    items: z.array(UsageTotals.extend(group)),
    /** How many more there are; `total` counts them too. */
    omittedItems: z.int(),
    total: UsageTotals,
  })
  .meta({ id: 'UsageSummary' });
export type UsageSummary = z.infer<typeof UsageSummary>;

export const UsageTimeseries = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    timeZone: z.string(),
    interval: UsageInterval,
    items: z.array(UsageTotals.extend({ ...group, start: z.iso.datetime() })),
  })
  .meta({ id: 'UsageTimeseries' });
export type UsageTimeseries = z.infer<typeof UsageTimeseries>;
