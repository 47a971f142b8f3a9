import type { UsageGroup, UsageSummary, UsageTimeseries } from '@penstock/contracts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import { boundsOf, intervalOf, type UsageFilters, type UsageRange } from '../components/usage-range.ts';

interface UsageQuestion {
  readonly range: UsageRange;
  readonly groupBy?: UsageGroup;
  readonly filters?: UsageFilters;
}

/** How often ranges that end now are read again. */
const REFRESH_MS = 5_000;

const refresh = ({ range }: UsageQuestion) => (range.preset === 'custom' ? (false as const) : REFRESH_MS);
const grouped = ({ groupBy }: UsageQuestion) => (groupBy ? { groupBy } : {});

/** Sums over a range, for each name of a group and in total. */
export const usageSummaryQuery = (question: UsageQuestion) =>
  queryOptions({
    queryKey: ['usage', 'summary', question],
    queryFn: ({ signal }): Promise<UsageSummary> => {
      const query = { ...boundsOf(question.range, Date.now()), ...question.filters, ...grouped(question) };
      return unwrap(api.GET('/api/v1/usage/summary', { params: { query }, signal }));
    },
    refetchInterval: refresh(question),
    placeholderData: keepPreviousData,
  });

/** Sums for each bucket of a range. */
export const usageTimeseriesQuery = (question: UsageQuestion) =>
  queryOptions({
    queryKey: ['usage', 'timeseries', question],
    queryFn: ({ signal }): Promise<UsageTimeseries> => {
      const bounds = boundsOf(question.range, Date.now());
      const query = { ...bounds, ...question.filters, ...grouped(question), interval: intervalOf(bounds) };
      return unwrap(api.GET('/api/v1/usage/timeseries', { params: { query }, signal }));
    },
    refetchInterval: refresh(question),
    placeholderData: keepPreviousData,
  });
