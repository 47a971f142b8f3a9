import { z } from 'zod';

export const UsageGroup = z.enum(['key', 'team', 'proxy', 'provider', 'model']);
export type UsageGroup = z.infer<typeof UsageGroup>;

const range = {
  /** Inclusive; 24 hours before `to` where it is left out. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Exclusive; now where it is left out. */
  to: z.iso.datetime({ offset: true }).optional(),
  key: z.string().max(253).optional(),
  team: z.string().max(253).optional(),
  proxy: z.string().max(253).optional(),
  provider: z.string().max(253).optional(),
  model: z.string().max(255).optional(),
};

export const UsageSummaryQuery = z
  .object({ ...range, groupBy: UsageGroup.optional() })
  .meta({ id: 'UsageSummaryQuery' });
export type UsageSummaryQuery = z.infer<typeof UsageSummaryQuery>;

export const UsageInterval = z.enum(['minute', 'hour', 'day']);
export const UsageTimeseriesQuery = UsageSummaryQuery.extend({ interval: UsageInterval.default('hour') }).meta({
  id: 'UsageTimeseriesQuery',
});
export type UsageTimeseriesQuery = z.infer<typeof UsageTimeseriesQuery>;

export const UsageTotals = z
  .object({
    requests: z.int(),
    errors: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cachedInputTokens: z.int(),
    reasoningTokens: z.int(),
    costMicroUsd: z.int(),
    /** Requests whose price is unknown; they are missing in `costMicroUsd`. */
    unknownCostRequests: z.int(),
    /** Mean over the requests that finished, milliseconds; null without any. */
    averageDurationMs: z.number().nullable(),
    averageFirstTokenMs: z.number().nullable(),
  })
  .meta({ id: 'UsageTotals' });
export type UsageTotals = z.infer<typeof UsageTotals>;

const group = {
  key: z.string().nullable().optional(),
  team: z.string().nullable().optional(),
  proxy: z.string().nullable().optional(),
  provider: z.string().nullable().optional(),
  model: z.string().nullable().optional(),
};

/** The grouped name stands under the group's own name: `{"key": "app-1", "requests": 3, ...}`. */
export const UsageSummary = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
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
    interval: UsageInterval,
    items: z.array(UsageTotals.extend({ ...group, start: z.iso.datetime() })),
  })
  .meta({ id: 'UsageTimeseries' });
export type UsageTimeseries = z.infer<typeof UsageTimeseries>;
