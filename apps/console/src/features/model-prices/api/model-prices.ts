import type { ModelPrice, ModelPriceManifest } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, unwrap, unwrapVersioned, type Versioned } from '../../../lib/api-client.ts';
import { jsonBody } from '../../../lib/json-body.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

const KEY = 'model-prices';

/** A page of the prices. */
export const modelPricesQuery = (query: ListQuery) =>
  queryOptions({
    queryKey: [KEY, 'list', query],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/model-prices', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** One price with its version. */
export const modelPriceQuery = (name: string) =>
  queryOptions({
    queryKey: [KEY, 'one', name],
    queryFn: ({ signal }): Promise<Versioned<ModelPrice>> =>
      unwrapVersioned(api.GET('/api/v1/model-prices/{name}', { params: { path: { name } }, signal })),
  });

/** Creates a price. */
export function useCreateModelPrice() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: ModelPriceManifest) =>
      unwrap(api.POST('/api/v1/model-prices', { body: jsonBody(manifest) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Replaces a price, unless somebody else changed it after `etag` was read. */
export function useReplaceModelPrice(name: string, etag: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (manifest: ModelPriceManifest) =>
      unwrap(
        api.PUT('/api/v1/model-prices/{name}', {
          params: { path: { name }, header: ifMatch(etag) },
          body: jsonBody(manifest),
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Deletes a price by name. */
export function useDeleteModelPrice() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE('/api/v1/model-prices/{name}', { params: { path: { name }, header: ifMatch(null) } })),
    // The page that is still open must not ask for what is gone.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY, 'list'] }),
  });
}
