import type { UsageEvent } from '@penstock/contracts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import type { UsageView } from '../components/usage-range.ts';
import { usageParameters } from './usage.ts';

interface UsageEventPage {
  readonly items: UsageEvent[];
  readonly total: number;
  readonly nextCursor: string | null;
}

const PAGE_SIZE = 50;

/** Single requests of a range, the newest first, page by page. */
export const usageEventsQuery = ({ range, filters, outcome }: Pick<UsageView, 'range' | 'filters' | 'outcome'>) =>
  infiniteQueryOptions({
    queryKey: ['usage', 'events', { range, filters, outcome }],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }): Promise<UsageEventPage> => {
      const query = {
        ...usageParameters({ range, filters }),
        ...(outcome ? { outcome } : {}),
        limit: PAGE_SIZE,
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(api.GET('/api/v1/usage/events', { params: { query }, signal }));
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
