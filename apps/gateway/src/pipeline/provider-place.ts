import { type AskedPath, upstreamPathOf } from '@penstock/providers';
import type { RouteTarget } from '@penstock/routing';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { ProviderPlace } from '../config/provider-rules.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';

/** What a provider's own rules say of what it is asked for; null: it has none, or has no such operation. */
export function placeAt(asked: AskedPath, target: RouteTarget, provider: CompiledProvider): ProviderPlace | null {
  if (provider.rules === null) return null;
  const path = upstreamPathOf(asked, target, provider);
  return path && provider.rules.ofCall(path.name, path.find);
}

/**
 * The policies of a provider that a request meets on its way to it: all of what the vendor is asked for. Whoever called the provider's
 * own context has passed those of the path that was called, and meets only those that this path did not have: it may be of another
 * dialect, or name the model in another way. Null: none.
 */
export function policiesAt(
  asked: AskedPath & { readonly context: RequestContext },
  target: RouteTarget,
  provider: CompiledProvider,
): PolicyChain | null {
  const chain = placeAt(asked, target, provider)?.policies ?? null;
  const { proxy, route } = asked.context;
  return chain && proxy?.direct && route?.policies ? chain.without(route.policies) : chain;
}
