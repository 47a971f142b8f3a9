import { type ProxyRoutes, type RouteProvider, type RouteTarget, targetAt } from './proxy-routes.ts';

/** What the translation policies say of targets. */
export interface TranslationRoute {
  /** The provider by whose choice the policy runs; the three mean the same. */
  readonly providerId?: string | undefined;
  readonly id?: string | undefined;
  readonly provider?: string | undefined;
  /** Where it sends; the provider itself where it is left out. */
  readonly upstreamName?: string | undefined;
  /** The model there; absent: the one that was asked for. */
  readonly model?: string | undefined;
  /** Of the vendor's API. */
  readonly apiVersion?: string | undefined;
}

/** Targets as far as they are chosen. */
export interface TargetsSoFar {
  readonly routes: ProxyRoutes;
  /** The model that the caller asks for. */
  readonly model: string;
  readonly targets: readonly RouteTarget[];
}

/**
 * Sends to its provider under the model's name there, when that provider was chosen, or when none was ('').
 * The others stand by where the provider was chosen among several.
 */
export function compileTranslation(route: TranslationRoute) {
  const owner = route.providerId ?? route.id ?? route.provider;
  const alias = route.upstreamName ?? owner;
  const find = targetFinder(route);
  return (choice: TargetsSoFar, selected: string): readonly RouteTarget[] => {
    if (selected !== '' && selected.toLowerCase() !== owner?.toLowerCase()) return choice.targets;
    const { providers, providersByAlias } = choice.routes;
    const provider = alias === undefined ? providers[0] : providersByAlias.get(alias);
    return provider ? redirected(choice, provider, { find, keepsOthers: selected !== '' || !alias }) : choice.targets;
  };
}

/** The provider's own targets under the policy's model. */
function redirected(
  { targets, model }: TargetsSoFar,
  provider: RouteProvider,
  { find, keepsOthers }: { readonly find: ReturnType<typeof targetFinder>; readonly keepsOthers: boolean },
): readonly RouteTarget[] {
  const isOwn = ({ alias }: RouteTarget): boolean => alias === provider.alias;
  const own = targets.filter(isOwn);
  if (keepsOthers && own.length === 0 && targets.length > 0) return targets;
  const found = find(provider, own, model);
  return keepsOthers ? [...found, ...targets.filter((target) => !isOwn(target))] : found;
}

/** Finds the targets at a provider: of the policy's model, or of what was asked for. Each is made once. */
function targetFinder({ model, apiVersion }: TranslationRoute) {
  const remembered = new WeakMap<object, readonly RouteTarget[]>();
  const versioned = (target: RouteTarget): RouteTarget =>
    apiVersion === undefined ? target : { ...target, apiVersion };
  return (provider: RouteProvider, own: readonly RouteTarget[], asked: string): readonly RouteTarget[] => {
    if (model === undefined) {
      const usual = own.length > 0 ? own : [targetAt(provider, asked)].flatMap((target) => target ?? []);
      return usual.map(versioned);
    }
    const known = remembered.get(provider) ?? [versioned(modelAt(provider, model))];
    remembered.set(provider, known);
    return known;
  };
}

/** A model of the provider by its id, or by its name upstream; what the provider does not list is sent as it is. */
function modelAt(provider: RouteProvider, model: string): RouteTarget {
  const listed = [...(provider.models?.values() ?? [])].find(({ upstreamModel }) => upstreamModel === model);
  const { providerId, alias } = provider;
  return targetAt(provider, model) ?? listed ?? { providerId, alias, modelId: model, upstreamModel: model };
}
