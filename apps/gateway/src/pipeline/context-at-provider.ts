import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Dialect } from '@penstock/contracts';
import type { CompiledProvider, HopCredential } from '../config/compiled-config.ts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import type { RequestContext } from '../http/request-context.ts';
import { routeWith } from '../http/route-table.ts';

/** What callers show to the gateway is none of a provider's business. */
const CREDENTIALS: readonly string[] = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie'];

/** How a request arrives at a provider. */
export interface Arrival {
  readonly provider: CompiledProvider;
  /** The provider's own. */
  readonly path: string;
  /** In which it is asked. */
  readonly dialect: Dialect;
  /** Of this dialect; undefined: none that callers may speak. */
  readonly surface: Surface | undefined;
  /** What the proxy shows there; undefined: nothing. */
  readonly hop: HopCredential | undefined;
}

/**
 * A request as the policies of its provider see it: everything of the request itself, but for the path, the headers (as the proxy's
 * policies leave them, without the caller's credentials and with what the proxy shows to this provider) and what serves it.
 */
export function contextAtProvider(
  context: RequestContext,
  { provider, path, dialect, surface, hop }: Arrival,
): RequestContext {
  const headers = headersAtProvider(context, hop);
  const request = Object.create(context.request, {
    headers: { value: headers },
    rawHeaders: { value: Object.entries(headers).flatMap(([name, value]) => [name, String(value)]) },
    url: { value: path },
  }) as IncomingMessage;
  const { route, proxy } = context;
  const own = proxy && { ...proxy, id: provider.id, name: provider.name, context: provider.context ?? '' };
  const endpoint = route && { ...(surface && { surface }), handle: route.endpoint.handle.bind(route.endpoint) };
  const arrived = route && endpoint && routeWith(route, { template: path, proxy: own, endpoint });
  return Object.create(context, {
    request: { value: request },
    route: { value: arrived, writable: true },
    provider: { value: provider, writable: true },
    upstreamDialect: { value: dialect },
  }) as RequestContext;
}

function headersAtProvider({ request, policies }: RequestContext, hop: HopCredential | undefined): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = { ...request.headers };
  for (const name of CREDENTIALS) delete headers[name];
  for (const [name, value] of policies?.upstreamHeaders ?? []) {
    if (value === null) delete headers[name];
    else headers[name] = value;
  }
  if (hop) headers[hop.header] = hop.value;
  return headers;
}
