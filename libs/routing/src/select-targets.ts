import { type ProxyRoutes, type RouteTarget, targetAt } from './proxy-routes.ts';
import { weightedOrder } from './weighted-order.ts';

export interface TargetChoice {
  /** Alias that the caller named in `x-provider`. */
  readonly provider?: string | undefined;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
}

const NONE: readonly RouteTarget[] = [];

/**
 * The targets of a request in the order in which they are tried; empty when the proxy has none for the model.
 * The first of these that matches decides: the provider named by the caller, a virtual model of the proxy,
 * `provider/model`, the providers that list the model, the primary provider if it accepts any model.
 */
export function selectTargets(routes: ProxyRoutes, model: string, choice: TargetChoice): readonly RouteTarget[] {
  if (choice.provider !== undefined) return atProvider(routes, choice.provider, model);
  const virtual = routes.models.get(model);
  if (virtual) return weightedOrder(virtual, choice.random);
  const prefixed = byPrefix(routes, model);
  if (prefixed.length > 0) return prefixed;
  const listed = routes.listed.get(model);
  if (listed) return listed;
  const primary = routes.providers[0];
  const target = primary && !primary.models ? targetAt(primary, model) : undefined;
  return target ? [target] : NONE;
}

function atProvider(routes: ProxyRoutes, alias: string, model: string): readonly RouteTarget[] {
  const provider = routes.providersByAlias.get(alias);
  if (!provider) return NONE;
  const virtual = routes.models.get(model)?.find(({ target }) => target.providerId === provider.providerId);
  const target = virtual?.target ?? targetAt(provider, model);
  return target ? [target] : NONE;
}

function byPrefix(routes: ProxyRoutes, model: string): readonly RouteTarget[] {
  const slash = model.indexOf('/');
  if (slash <= 0) return NONE;
  const provider = routes.providersByAlias.get(model.slice(0, slash));
  const target = provider && targetAt(provider, model.slice(slash + 1));
  return target ? [target] : NONE;
}
