import { type ProxyRoutes, type RouteTarget, targetAt } from './proxy-routes.ts';
import { weightedOrder } from './weighted-order.ts';

export interface TargetChoice {
  /** Alias that the caller named in `x-provider`. */
  readonly provider?: string | undefined;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
}

/** Which rule decides where a request goes; `none`: the proxy has no target for the model. */
export type TargetRule = 'named-provider' | 'virtual-model' | 'prefix' | 'listed' | 'primary' | 'none';

export interface ResolvedTargets {
  readonly rule: TargetRule;
  /** In the order in which they are tried. */
  readonly targets: readonly RouteTarget[];
}

const NONE: readonly RouteTarget[] = [];

/** The targets of a request in the order in which they are tried; empty when the proxy has none for the model. See {@link resolveTargets}. */
export function selectTargets(routes: ProxyRoutes, model: string, choice: TargetChoice): readonly RouteTarget[] {
  return resolveTargets(routes, model, choice).targets;
}

/**
 * The targets of a request and the rule that chose them. The first of these that matches decides: the provider named by the caller,
 * a virtual model of the proxy, `provider/model`, the providers that list the model, the primary provider if it accepts any model.
 */
export function resolveTargets(routes: ProxyRoutes, model: string, choice: TargetChoice): ResolvedTargets {
  if (choice.provider !== undefined) return resolved('named-provider', atProvider(routes, choice.provider, model));
  const virtual = routes.models.get(model);
  if (virtual) return resolved('virtual-model', weightedOrder(virtual, choice.random));
  const prefixed = byPrefix(routes, model);
  if (prefixed.length > 0) return resolved('prefix', prefixed);
  const listed = routes.listed.get(model);
  if (listed) return resolved('listed', listed);
  const primary = routes.providers[0];
  const target = primary && !primary.models ? targetAt(primary, model) : undefined;
  return resolved('primary', target ? [target] : NONE);
}

function resolved(rule: TargetRule, targets: readonly RouteTarget[]): ResolvedTargets {
  return { rule: targets.length === 0 ? 'none' : rule, targets };
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
