import type { Alert, AlertKind } from '@penstock/contracts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

interface AlertPage {
  readonly items: Alert[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** How often the list is read again: deliveries go on by themselves. */
const REFRESH_MS = 5_000;

/** A page of the alerts that fired, the newest first. */
export const alertsQuery = ({ limit, cursor }: ListQuery, kind: AlertKind | undefined) =>
  queryOptions({
    queryKey: ['alerts', { limit, cursor, kind }],
    queryFn: ({ signal }): Promise<AlertPage> => {
      const query = { limit, ...(cursor ? { cursor } : {}), ...(kind ? { kind } : {}) };
      return unwrap(api.GET('/api/v1/alerts', { params: { query }, signal }));
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
