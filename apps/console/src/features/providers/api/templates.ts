import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';

/** Every provider template: what vendors there are. */
export const templatesQuery = queryOptions({
  queryKey: ['llm-provider-templates'],
  queryFn: ({ signal }) =>
    unwrap(api.GET('/api/v1/llm-provider-templates', { params: { query: { limit: 500, sort: 'name' } }, signal })),
  staleTime: 60_000,
});
