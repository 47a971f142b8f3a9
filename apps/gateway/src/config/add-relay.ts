import type { Endpoint } from '../endpoints/endpoint.ts';
import type { RouteTable } from '../http/route-table.ts';
import type { CompiledProxy } from './compiled-config.ts';

/** Those that access control knows; HEAD is none of them. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** Its requests are signed with their bodies, which are relayed before the whole of them is there. */
const SIGNED = 'awsbedrock';

/** Says what becomes of the paths under a context at which nothing stands: only providers without a proxy get them. */
export function addRelay(paths: RouteTable, proxy: CompiledProxy, relay: Endpoint | undefined): void {
  const context = proxy.context === '/' ? '' : proxy.context;
  const isRelayed = relay !== undefined && proxy.direct !== null && proxy.direct.adapter.template !== SIGNED;
  const methods = isRelayed ? METHODS : [];
  paths.addContext(
    context,
    methods.flatMap((method) => (relay ? [{ template: '/*', method, endpoint: relay, proxy, policies: null }] : [])),
  );
}
