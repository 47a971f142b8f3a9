import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, unwrap } from './api-client.ts';

/** The gateway's port where nobody says otherwise. */
const DEFAULT_GATEWAY_PORT = 8080;

const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/settings', { signal })),
  staleTime: Infinity,
});

/** The public base URL of the gateway, without a path: as the control plane knows it, else beside this page. */
export function useGatewayUrl(): string {
  const configured = useQuery(settingsQuery).data?.gatewayUrl;
  const { protocol, hostname } = window.location;
  return (configured ?? `${protocol}//${hostname}:${DEFAULT_GATEWAY_PORT}`).replace(/\/+$/, '');
}
