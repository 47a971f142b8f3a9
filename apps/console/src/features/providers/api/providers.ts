import type { LlmProvider, LlmProviderManifest } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap, unwrapVersioned, type Versioned } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

const KEY = 'llm-providers';

/** A page of the providers. */
export const providersQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: [KEY, 'list', query],
    queryFn: async ({ signal }) => {
      const page = await unwrap(api.GET('/api/v1/llm-providers', { params: { query }, signal }));
      return { ...page, items: page.items as LlmProvider[] };
    },
    placeholderData: keepPreviousData,
  });

/** One provider with its version. */
export const providerQuery = (name: string) =>
  queryOptions({
    queryKey: [KEY, 'one', name],
    queryFn: async ({ signal }) => {
      const found = await unwrapVersioned(
        api.GET('/api/v1/llm-providers/{name}', { params: { path: { name } }, signal }),
      );
      return found as Versioned<LlmProvider>;
    },
  });

/** Creates a provider. */
export function useCreateProvider() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: LlmProviderManifest) =>
      unwrap(api.POST('/api/v1/llm-providers', { body: jsonBody(manifest) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Replaces a provider, unless somebody else changed it after `etag` was read. */
export function useReplaceProvider(name: string, etag: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: LlmProviderManifest) =>
      unwrap(
        api.PUT('/api/v1/llm-providers/{name}', {
          params: { path: { name }, header: ifMatch(etag) },
          body: jsonBody(manifest),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Deletes a provider by name. */
export function useDeleteProvider() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE('/api/v1/llm-providers/{name}', { params: { path: { name }, header: ifMatch(null) } })),
    // The page that is still open must not ask for what is gone.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY, 'list'] }),
  });
}
