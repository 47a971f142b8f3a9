import { queryOptions } from '@tanstack/react-query';
import type { PolicyDescription } from '@penstock/contracts';
import { api, unwrap } from '../../../lib/api-client.ts';

/** Every policy that this release can run, with a JSON Schema for the parameters of each. */
export const policyCatalogueQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: async ({ signal }) => {
    const { items } = await unwrap(api.GET('/api/v1/policies', { signal }));
    return items as PolicyDescription[];
  },
  // Part of the release.
  staleTime: Infinity,
});
