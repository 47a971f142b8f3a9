import type { VirtualKey, VirtualKeyManifest } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap, unwrapVersioned, type Versioned } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

const KEY = 'virtual-keys';

/** A page of the virtual keys. */
export const virtualKeysQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: [KEY, 'list', query],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/virtual-keys', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** One virtual key with its version. */
export const virtualKeyQuery = (name: string) =>
  queryOptions({
    queryKey: [KEY, 'one', name],
    queryFn: ({ signal }): Promise<Versioned<VirtualKey>> =>
      unwrapVersioned(api.GET('/api/v1/virtual-keys/{name}', { params: { path: { name } }, signal })),
  });

/** Replaces a virtual key, unless somebody else changed it after `etag` was read. */
export function useReplaceVirtualKey(name: string, etag: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: VirtualKeyManifest) =>
      unwrap(
        api.PUT('/api/v1/virtual-keys/{name}', {
          params: { path: { name }, header: ifMatch(etag) },
          body: jsonBody(manifest),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Revokes a virtual key for good. */
export function useRevokeVirtualKey() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.POST('/api/v1/virtual-keys/{name}/revoke', { params: { path: { name } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}
