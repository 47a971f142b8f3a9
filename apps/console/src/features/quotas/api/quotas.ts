import type { Quota, QuotaManifest } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap, unwrapVersioned, type Versioned } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

const KEY = 'quotas';

/** A page of the quotas. */
export const quotasQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: [KEY, 'list', query],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/quotas', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** One quota with its version. */
export const quotaQuery = (name: string) =>
  queryOptions({
    queryKey: [KEY, 'one', name],
    queryFn: ({ signal }): Promise<Versioned<Quota>> =>
      unwrapVersioned(api.GET('/api/v1/quotas/{name}', { params: { path: { name } }, signal })),
  });

/** Creates a quota. */
export function useCreateQuota() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: QuotaManifest) => unwrap(api.POST('/api/v1/quotas', { body: jsonBody(manifest) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Replaces a quota, unless somebody else changed it after `etag` was read. */
export function useReplaceQuota(name: string, etag: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: QuotaManifest) =>
      unwrap(
        api.PUT('/api/v1/quotas/{name}', {
          params: { path: { name }, header: ifMatch(etag) },
          body: jsonBody(manifest),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Deletes a quota by name. */
export function useDeleteQuota() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE('/api/v1/quotas/{name}', { params: { path: { name }, header: ifMatch(null) } })),
    // The page that is still open must not ask for what is gone.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY, 'list'] }),
  });
}
