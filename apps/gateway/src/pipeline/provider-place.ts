import { type AskedPath, upstreamPathOf } from '@penstock/providers';
import type { RouteTarget } from '@penstock/routing';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { ProviderPlace } from '../config/provider-rules.ts';

/** What a provider's own rules say of what it is asked for; null: it has none, or has no such operation. */
export function placeAt(asked: AskedPath, target: RouteTarget, provider: CompiledProvider): ProviderPlace | null {
  if (provider.rules === null) return null;
  const path = upstreamPathOf(asked, target, provider);
  return path && provider.rules.ofCall(path.name, path.find);
}
