import type { CatalogModel, PriceCatalogStatus, UnknownPriceModels } from '@penstock/contracts';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import type { ListQuery } from '../../../lib/list-search.ts';
import { uploadFile } from '../../../lib/upload-file.ts';

const KEY = 'price-catalog';
const UNKNOWN_DAYS = 30;

/** Which catalog is in use. */
export const priceCatalogQuery = queryOptions({
  queryKey: [KEY, 'status'],
  queryFn: ({ signal }): Promise<PriceCatalogStatus> => unwrap(api.GET('/api/v1/price-catalog', { signal })),
});

interface CatalogModelPage {
  readonly items: CatalogModel[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** A page of the catalog's models, of one template or of all. */
export const catalogModelsQuery = ({ limit, cursor, q }: ListQuery, template: string | undefined) =>
  queryOptions({
    queryKey: [KEY, 'models', { limit, cursor, q, template }],
    queryFn: ({ signal }): Promise<CatalogModelPage> => {
      const query = { limit, ...(cursor ? { cursor } : {}), ...(q ? { q } : {}), ...(template ? { template } : {}) };
      return unwrap(api.GET('/api/v1/price-catalog/models', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** The models that had no price in the last 30 days. */
export const unpricedModelsQuery = queryOptions({
  queryKey: [KEY, 'unknown'],
  queryFn: ({ signal }): Promise<UnknownPriceModels> => {
    const from = new Date(Date.now() - UNKNOWN_DAYS * 86_400_000).toISOString();
    return unwrap(api.GET('/api/v1/price-catalog/unknown', { params: { query: { from } }, signal }));
  },
});

interface Upload {
  readonly file: File;
  /** Told how much of the file has gone, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Puts an uploaded catalog in the place of the one in use. */
export function useUploadCatalog() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ file, onProgress }: Upload) => uploadFile('/api/v1/price-catalog', file, onProgress),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Goes back to the catalog that comes with this release. */
export function useResetCatalog() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/price-catalog')),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
  });
}
