import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';

/** The gateways that have reported, read again every few seconds. */
export const gatewayInstancesQuery = queryOptions({
  queryKey: ['gateway-instances'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/gateway-instances', { signal })),
  refetchInterval: 3_000,
});
