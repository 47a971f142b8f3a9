import type { UsageGroup, UsageSummary, UsageTimeseries } from '@penstock/contracts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import {
  boundsOf,
  intervalOf,
  type UsageFilters,
  type UsageInterval,
  type UsageRange,
} from '../components/usage-range.ts';

interface UsageQuestion {
  readonly range: UsageRange;
  readonly groupBy?: UsageGroup;
  readonly filters?: UsageFilters;
  readonly timeZone?: string;
  readonly interval?: UsageInterval;
}

/** How often ranges that end now are read again. */
const REFRESH_MS = 5_000;

const refresh = ({ range }: UsageQuestion) => (range.preset === 'custom' ? (false as const) : REFRESH_MS);

/** The question as the admin API takes it, at this moment. */
export function usageParameters({ range, filters, groupBy, timeZone }: UsageQuestion) {
  return {
    ...boundsOf(range, Date.now()),
    ...filters,
    ...(groupBy ? { groupBy } : {}),
    ...(timeZone ? { timeZone } : {}),
  };
}

/** Sums over a range, for each name of a group and in total. */
export const usageSummaryQuery = ({ interval: _, ...question }: UsageQuestion) =>
  queryOptions({
    queryKey: ['usage', 'summary', question],
    queryFn: ({ signal }): Promise<UsageSummary> =>
      unwrap(api.GET('/api/v1/usage/summary', { params: { query: usageParameters(question) }, signal })),
    refetchInterval: refresh(question),
    placeholderData: keepPreviousData,
  });

/** The sums with percentiles of latency; read once, because they take longer. */
export const usagePercentilesQuery = ({ interval: _, ...question }: UsageQuestion) =>
  queryOptions({
    queryKey: ['usage', 'percentiles', question],
    queryFn: ({ signal }): Promise<UsageSummary> => {
      const query = { ...usageParameters(question), percentiles: 'true' };
      return unwrap(api.GET('/api/v1/usage/summary', { params: { query }, signal }));
    },
    staleTime: 60_000,
  });

/** Sums for each bucket of a range. */
export const usageTimeseriesQuery = (question: UsageQuestion) =>
  queryOptions({
    queryKey: ['usage', 'timeseries', question],
    queryFn: ({ signal }): Promise<UsageTimeseries> => {
      const query = usageParameters(question);
      const interval = question.interval ?? intervalOf(query);
      return unwrap(api.GET('/api/v1/usage/timeseries', { params: { query: { ...query, interval } }, signal }));
    },
    refetchInterval: refresh(question),
    placeholderData: keepPreviousData,
  });
