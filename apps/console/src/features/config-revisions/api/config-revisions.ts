import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

/** A page of the revisions, the newest first. */
export const configRevisionsQuery = ({ limit, cursor }: ListQuery) =>
  queryOptions({
    queryKey: ['config-revisions', { limit, cursor }],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/config/revisions', { params: { query: { limit, ...(cursor ? { cursor } : {}) } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });

/** The newest revision; null before the first. */
export const newestRevisionQuery = queryOptions({
  queryKey: ['config-revisions', 'newest'],
  queryFn: async ({ signal }) => {
    const page = await unwrap(api.GET('/api/v1/config/revisions', { params: { query: { limit: 1 } }, signal }));
    return page.items[0] ?? null;
  },
  refetchInterval: 5_000,
});

/** Writes an old state back as a new revision. Everything else may have changed with it. */
export function useRollback() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (revision: number) => unwrap(api.POST('/api/v1/config/rollback', { body: { revision } })),
    onSuccess: () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
}
