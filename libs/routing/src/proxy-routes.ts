import type { SnapshotProvider, SnapshotProxy, SnapshotTarget } from '@penstock/contracts';

/** One place a request may go. */
export interface RouteTarget {
  readonly providerId: string;
  /** What the proxy calls the provider. */
  readonly alias: string;
  /** The provider model's id: what prices and labels go by. */
  readonly modelId: string;
  readonly upstreamModel: string;
  /** Of the vendor's API, in place of the provider's own. */
  readonly apiVersion?: string;
}

export interface WeightedTarget {
  readonly target: RouteTarget;
  readonly weight: number;
  /** 0 is tried first. */
  readonly priority: number;
}

/** One provider of a proxy, with its models by id; `models` is null when it accepts any. */
export interface RouteProvider {
  readonly providerId: string;
  readonly alias: string;
  readonly models: ReadonlyMap<string, RouteTarget> | null;
}

/** A proxy's targets, ready to be looked up. */
export interface ProxyRoutes {
  /** Virtual models of the proxy. */
  readonly models: ReadonlyMap<string, readonly WeightedTarget[]>;
  /** The primary first. */
  readonly providers: readonly RouteProvider[];
  readonly providersByAlias: ReadonlyMap<string, RouteProvider>;
  /** The providers that list a model, in the proxy's order. */
  readonly listed: ReadonlyMap<string, readonly RouteTarget[]>;
  /** Aliases of the providers that accept any model. */
  readonly openProviders: readonly string[];
}

/** Compiles a proxy once per snapshot. A provider that the snapshot lacks is left out. */
export function compileRoutes(proxy: SnapshotProxy, providers: ReadonlyMap<string, SnapshotProvider>): ProxyRoutes {
  const routeProviders = proxy.providers.flatMap(({ providerId, alias }) => {
    const provider = providers.get(providerId);
    return provider ? [routeProvider(provider, alias)] : [];
  });
  const byId = new Map(routeProviders.map((provider) => [provider.providerId, provider]));
  const models = new Map(
    proxy.models.map((model) => [model.name, model.targets.flatMap((target) => weightedTarget(target, byId))]),
  );
  return {
    models,
    providers: routeProviders,
    providersByAlias: new Map(routeProviders.map((provider) => [provider.alias, provider])),
    listed: listedModels(routeProviders),
    openProviders: routeProviders.filter((provider) => !provider.models).map((provider) => provider.alias),
  };
}

/** The target for a model at one provider; undefined when the provider does not serve it. */
export function targetAt(provider: RouteProvider, model: string): RouteTarget | undefined {
  if (provider.models) return provider.models.get(model);
  return { providerId: provider.providerId, alias: provider.alias, modelId: model, upstreamModel: model };
}

function routeProvider(provider: SnapshotProvider, alias: string): RouteProvider {
  const models = provider.models?.map((model): [string, RouteTarget] => [
    model.id,
    { providerId: provider.id, alias, modelId: model.id, upstreamModel: model.upstreamModel },
  ]);
  return { providerId: provider.id, alias, models: models ? new Map(models) : null };
}

function weightedTarget(target: SnapshotTarget, providers: ReadonlyMap<string, RouteProvider>): WeightedTarget[] {
  const provider = providers.get(target.providerId);
  const found = provider && targetAt(provider, target.model);
  return found ? [{ target: found, weight: target.weight, priority: target.priority }] : [];
}

function listedModels(providers: readonly RouteProvider[]): ReadonlyMap<string, readonly RouteTarget[]> {
  const listed = new Map<string, RouteTarget[]>();
  for (const provider of providers) {
    for (const [model, target] of provider.models ?? []) {
      listed.set(model, [...(listed.get(model) ?? []), target]);
    }
  }
  return listed;
}
