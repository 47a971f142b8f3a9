import type { Endpoint, EndpointDefinition } from '../endpoints/endpoint.ts';
import type { RequestContext } from '../http/request-context.ts';
import { type RouteTable, routeWith } from '../http/route-table.ts';
import { answerPolicy } from '../policies/answer-policy.ts';
import { governed, preflightOf } from '../policies/governed-endpoints.ts';
import { RESOURCE_NOT_FOUND } from '../policies/resource-not-found.ts';
import type { CompiledProxy } from './compiled-config.ts';
import type { ProviderRules } from './provider-rules.ts';

interface RuledProxy {
  readonly proxy: CompiledProxy;
  readonly rules: ProviderRules;
}

/** Adds what stands under the context of a provider that has rules of its own: they go by the path that its caller asks for. */
export function addDirect(
  paths: RouteTable,
  { proxy, rules }: RuledProxy,
  definitions: readonly EndpointDefinition[],
): void {
  const prefix = proxy.context === '/' ? '' : proxy.context;
  for (const definition of definitions) {
    paths.add(prefix, ruled(definition, rules, prefix), proxy);
    const chain = rules.at(definition.method, definition.path).policies;
    if (chain && chain.preflight.length > 0) paths.add(prefix, preflightOf(definition), proxy, chain);
  }
}

function ruled(definition: EndpointDefinition, rules: ProviderRules, prefix: string): EndpointDefinition {
  const { endpoint } = governed(definition);
  const { surface, operation } = endpoint;
  const guarded: Endpoint = {
    ...(operation !== undefined && { operation }),
    ...(surface && { surface }),
    handle(context) {
      const place = rules.at(definition.method, ownPath(context, prefix));
      // It goes before all policies, as if there were nothing at this path.
      if (!place.allowed) {
        answerPolicy(context, RESOURCE_NOT_FOUND);
        return undefined;
      }
      if (context.route && place.policies) context.route = routeWith(context.route, { policies: place.policies });
      return endpoint.handle(context);
    },
  };
  return { ...definition, endpoint: guarded };
}

function ownPath({ request }: RequestContext, prefix: string): string {
  return (request.url ?? '').split('?', 1)[0]?.slice(prefix.length) ?? '';
}
