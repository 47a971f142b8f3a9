import type { LimitStatus } from '@penstock/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';

/** What a list of live limits is about. */
export type LimitsOf =
  | { readonly kind: 'organization' }
  | { readonly kind: 'team' | 'key' | 'provider' | 'proxy' | 'quota'; readonly name: string };

interface LimitStatusList {
  readonly items: LimitStatus[];
}

/** How often live consumption is read again. */
const REFRESH_MS = 5_000;

/** What limits have used right now, over all gateways. */
export const limitsQuery = (of: LimitsOf) =>
  queryOptions({
    queryKey: ['limits', of],
    queryFn: ({ signal }): Promise<LimitStatusList> => unwrap(fetchLimits(of, signal)),
    refetchInterval: REFRESH_MS,
  });

function fetchLimits(of: LimitsOf, signal: AbortSignal) {
  if (of.kind === 'organization') return api.GET('/api/v1/organization/limits', { signal });
  const params = { path: { name: of.name } };
  if (of.kind === 'team') return api.GET('/api/v1/teams/{name}/limits', { params, signal });
  if (of.kind === 'key') return api.GET('/api/v1/virtual-keys/{name}/limits', { params, signal });
  if (of.kind === 'provider') return api.GET('/api/v1/llm-providers/{name}/limits', { params, signal });
  if (of.kind === 'proxy') return api.GET('/api/v1/llm-proxies/{name}/limits', { params, signal });
  return api.GET('/api/v1/quotas/{name}/status', { params, signal });
}
