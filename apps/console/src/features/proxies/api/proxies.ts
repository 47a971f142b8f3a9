import type { LlmProxy, LlmProxyManifest } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap, unwrapVersioned, type Versioned } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

const KEY = 'llm-proxies';

/** A page of the proxies. */
export const proxiesQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: [KEY, 'list', query],
    queryFn: async ({ signal }) => {
      const page = await unwrap(api.GET('/api/v1/llm-proxies', { params: { query }, signal }));
      return { ...page, items: page.items as LlmProxy[] };
    },
    placeholderData: keepPreviousData,
  });

/** One proxy with its version. */
export const proxyQuery = (name: string) =>
  queryOptions({
    queryKey: [KEY, 'one', name],
    queryFn: async ({ signal }) => {
      const found = await unwrapVersioned(
        api.GET('/api/v1/llm-proxies/{name}', { params: { path: { name } }, signal }),
      );
      return found as Versioned<LlmProxy>;
    },
  });

/** Creates a proxy. */
export function useCreateProxy() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: LlmProxyManifest) => unwrap(api.POST('/api/v1/llm-proxies', { body: jsonBody(manifest) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Replaces a proxy, unless somebody else changed it after `etag` was read. */
export function useReplaceProxy(name: string, etag: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: LlmProxyManifest) =>
      unwrap(
        api.PUT('/api/v1/llm-proxies/{name}', {
          params: { path: { name }, header: ifMatch(etag) },
          body: jsonBody(manifest),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Deletes a proxy by name. */
export function useDeleteProxy() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE('/api/v1/llm-proxies/{name}', { params: { path: { name }, header: ifMatch(null) } })),
    // The page that is still open must not ask for what is gone.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY, 'list'] }),
  });
}
