import { type LoadedSnapshot, runAtOnce } from '@penstock/config-sync';
import type { ConfigSnapshot, SnapshotProvider, SnapshotProxy } from '@penstock/contracts';
import { compileRoutes } from '@penstock/routing';
import type { CircuitBreakers } from '../dispatch/circuit-breakers.ts';
import type { TargetLoads } from '../dispatch/target-loads.ts';
import type { TokenRatios } from '../dispatch/token-ratios.ts';
import type { Endpoint, EndpointDefinition } from '../endpoints/endpoint.ts';
import { HostTables } from '../http/host-tables.ts';
import { RouteTable } from '../http/route-table.ts';
import type { ConnectionPool } from '../upstream/connection-pool.ts';
import type { PoolAddress } from '../upstream/upstream-pools.ts';
import { compileKeys } from './compile-keys.ts';
import { compileLimits } from './compile-limits.ts';
import { CompileMemory, type HostPaths, type OpenedProxy, type ServedProxy } from './compile-memory.ts';
import { Organizations } from './compile-organizations.ts';
import { compileProviders, openProvider, type UsableProvider } from './compile-providers.ts';
import type { CompiledConfig, CompiledProvider, CompiledProxy } from './compiled-config.ts';
import type { PolicyServices } from '../policies/policy-factory.ts';
import { governed, preflightOf } from '../policies/governed-endpoints.ts';
import { compilePolicies, type PolicyChains } from '../policies/compile-policies.ts';
import { addDirect } from './add-direct.ts';
import { addRelay } from './add-relay.ts';
import { compileDirect } from './compile-direct.ts';
import { compileHops } from './compile-hops.ts';
import { LimitPlans } from './limit-plans.ts';
import { ReferencedSecrets, type SecretServices } from './referenced-secrets.ts';

/** What the snapshot has and this gateway cannot use. */
export interface UnusableEntity {
  readonly kind: 'LlmProvider' | 'LlmProxy';
  readonly name: string;
  readonly reason: string;
}

/** What compiling needs of the running gateway. */
export interface CompileServices {
  readonly openCredential: (sealed: string, owner: { organizationId: string; providerId: string }) => string;
  /** What credentials refer to. */
  readonly secrets: SecretServices;
  readonly poolsFor: (addresses: readonly PoolAddress[]) => ReadonlyMap<string, ConnectionPool>;
  readonly breakersFor: (providerIds: ReadonlySet<string>) => ReadonlyMap<string, CircuitBreakers>;
  readonly ratiosFor: (providerIds: ReadonlySet<string>) => ReadonlyMap<string, TokenRatios>;
  readonly loadsFor: (providerIds: ReadonlySet<string>) => ReadonlyMap<string, TargetLoads>;
  /** Endpoints of every proxy, and those of the process itself. */
  readonly proxyEndpoints: readonly EndpointDefinition[];
  readonly systemEndpoints: readonly EndpointDefinition[];
  /** Those of providers that are called without a proxy, by template, beside the endpoints of every proxy. */
  readonly vendorEndpoints?: ReadonlyMap<string, readonly EndpointDefinition[]>;
  /** What relays all other paths to providers that are called without a proxy; left out: nothing does. */
  readonly relay?: Endpoint;
  readonly policies: PolicyServices;
}

export interface CompiledSnapshot {
  readonly config: CompiledConfig;
  readonly unusable: readonly UnusableEntity[];
  /** Values of secrets that the config holds in the clear. */
  readonly revealed: readonly string[];
}

const PARAMETER_MARKER = '/models/';

/** The config before the first snapshot: only the endpoints of the process itself. */
export function emptyConfig(systemEndpoints: readonly EndpointDefinition[]): CompiledConfig {
  return {
    revision: 0,
    checksum: '',
    organizations: new Map(),
    keysByHash: new Map(),
    rememberedHashes: new Map(),
    providers: new Map(),
    proxies: [],
    paths: systemPaths(systemEndpoints),
    hosts: null,
    limitPlans: new LimitPlans(),
  };
}

/** Derives from a snapshot everything that requests need. Providers and proxies that cannot be used are left out and reported. */
export function compileConfig(snapshot: ConfigSnapshot, checksum: string, services: CompileServices): CompiledSnapshot {
  return runAtOnce(compileSteps({ snapshot, checksum }, services, new CompileMemory()));
}

/**
 * {@link compileConfig} in small steps. What `memory` has of entities that are the same objects as before is taken over, unless
 * something else that it depends on has changed.
 */
export function* compileSteps(
  { snapshot, checksum }: Pick<LoadedSnapshot, 'snapshot' | 'checksum'>,
  services: CompileServices,
  memory: CompileMemory,
): Generator<void, CompiledSnapshot> {
  memory.begin();
  const unusable: UnusableEntity[] = [];
  const secrets = new ReferencedSecrets(snapshot.secrets ?? [], services.secrets);
  const usable: UsableProvider[] = [];
  for (const provider of snapshot.providers) {
    yield;
    const opened = openProvider(provider, services, secrets);
    if (typeof opened !== 'string') usable.push(opened);
    else unusable.push({ kind: 'LlmProvider', name: provider.name, reason: opened });
  }
  const organizations = new Organizations(snapshot.organizations, memory);
  const providers = compileProviders(usable, organizations, services);
  const known = new Map(usable.map(({ provider }) => [provider.id, provider]));
  const served: ServedProxy[] = [...directProxies({ usable, providers, organizations }, services)];
  for (const proxy of snapshot.proxies) {
    yield;
    const opened = openProxy(proxy, { services, secrets, memory });
    if (typeof opened === 'string') unusable.push({ kind: 'LlmProxy', name: proxy.name, reason: opened });
    else served.push(serveProxy(proxy, { opened, known, organizations, memory, services }));
  }
  const config: CompiledConfig = {
    revision: snapshot.revision,
    checksum,
    organizations: organizations.byId,
    keysByHash: yield* compileKeys(snapshot.virtualKeys, snapshot.teams, organizations, memory),
    rememberedHashes: new Map(),
    providers,
    proxies: served.map(({ proxy }) => proxy),
    ...(yield* memory.hosts.of(served, () => compileHosts(served, services))),
    limitPlans: new LimitPlans(),
  };
  memory.turn();
  return { config, unusable, revealed: [...secrets.revealed] };
}

/** The policies of a proxy and what it shows to its providers, or why they cannot be used: without them it must not serve. */
function openProxy(
  proxy: SnapshotProxy,
  tools: { readonly services: CompileServices; readonly secrets: ReferencedSecrets; readonly memory: CompileMemory },
): OpenedProxy | string {
  const { services, secrets, memory } = tools;
  const lookUpsBefore = secrets.lookUps;
  try {
    return memory.openedProxies.of(proxy, [], () => ({
      policies: compilePolicies(proxy, { ...services.policies, secrets }),
      hops: compileHops(proxy, services, secrets),
    }));
  } catch (error) {
    return error instanceof Error ? error.message : 'its policies cannot be read';
  } finally {
    // The values of secrets may be others next time, and have to be kept out of logs again.
    if (secrets.lookUps > lookUpsBefore) memory.openedProxies.forget(proxy);
  }
}

/** Depends on the proxy, what it was opened to, its providers as the snapshot has them, and its organization. */
function serveProxy(
  proxy: SnapshotProxy,
  parts: {
    readonly opened: OpenedProxy;
    readonly known: ReadonlyMap<string, SnapshotProvider>;
    readonly organizations: Organizations;
    readonly memory: CompileMemory;
    readonly services: CompileServices;
  },
): ServedProxy {
  const { opened, known, organizations, memory, services } = parts;
  const itsProviders = proxy.providers.map(({ providerId }) => known.get(providerId));
  const sources = [opened, organizations.sourceOf(proxy.organizationId), ...itsProviders];
  return memory.proxies.of(proxy, sources, () => {
    const compiled = { ...compileProxy(proxy, known, organizations), hops: opened.hops };
    return { proxy: compiled, vhost: proxy.vhost, paths: pathsOf(compiled, opened.policies, services) };
  });
}

/** What stands under the contexts of providers. */
function directProxies(
  parts: {
    readonly usable: readonly UsableProvider[];
    readonly providers: ReadonlyMap<string, CompiledProvider>;
    readonly organizations: Organizations;
  },
  services: CompileServices,
): readonly ServedProxy[] {
  const { usable, providers, organizations } = parts;
  return usable.flatMap(({ provider }): ServedProxy[] => {
    const { id, context, vhost } = provider;
    const compiled = providers.get(id);
    if (context === undefined || !compiled) return [];
    const proxy = compileDirect({ ...provider, context }, compiled, organizations);
    return [{ proxy, vhost, paths: pathsOf(proxy, () => null, services) }];
  });
}

function compileProxy(
  proxy: SnapshotProxy,
  providers: ReadonlyMap<string, SnapshotProvider>,
  organizations: Organizations,
): Omit<CompiledProxy, 'hops'> {
  const scope = organizations.scopeOf(proxy.organizationId);
  const subject = { kind: 'proxy', name: proxy.name, subject: `proxy:${proxy.id}` } as const;
  const shared = organizations.byId.get(proxy.organizationId)?.limits ?? [];
  return {
    id: proxy.id,
    name: proxy.name,
    context: proxy.context,
    organizationId: proxy.organizationId,
    open: proxy.authentication === 'none',
    unsupportedParameters: proxy.unsupportedParameters,
    routes: compileRoutes(proxy, providers),
    limits: [...shared, ...compileLimits(scope, subject, proxy.limits)],
    direct: null,
    timeouts: proxy.timeouts ?? null,
  };
}

function* compileHosts(served: readonly ServedProxy[], services: CompileServices): Generator<void, HostPaths> {
  const byHost = Map.groupBy(served, ({ vhost }) => vhost?.toLowerCase());
  const paths = yield* compilePaths(byHost.get(undefined) ?? [], services);
  const tables = new Map<string, RouteTable>();
  for (const [host, own] of byHost) if (host !== undefined) tables.set(host, yield* compilePaths(own, services));
  return { paths, hosts: tables.size === 0 ? null : new HostTables(tables) };
}

function* compilePaths(served: readonly ServedProxy[], services: CompileServices): Generator<void, RouteTable> {
  const paths = new RouteTable(PARAMETER_MARKER);
  // Shorter contexts first: where two proxies claim one path, the one with the more specific context has it.
  const contexts = served.toSorted((a, b) => a.proxy.context.length - b.proxy.context.length);
  for (const one of contexts) {
    yield;
    paths.include(one.paths);
  }
  paths.include(systemPaths(services.systemEndpoints));
  return paths;
}

function systemPaths(systemEndpoints: readonly EndpointDefinition[]): RouteTable {
  const paths = new RouteTable(PARAMETER_MARKER);
  for (const definition of systemEndpoints) paths.add('', definition, null);
  return paths;
}

/** What stands under the context of a proxy. */
function pathsOf(proxy: CompiledProxy, policies: PolicyChains, services: CompileServices): RouteTable {
  const paths = new RouteTable(PARAMETER_MARKER);
  addRelay(paths, proxy, services.relay);
  const { proxyEndpoints, vendorEndpoints } = services;
  const own = proxy.direct && vendorEndpoints?.get(proxy.direct.adapter.template);
  const definitions = own ? [...proxyEndpoints, ...own] : proxyEndpoints;
  if (proxy.direct?.rules) {
    addDirect(paths, { proxy, rules: proxy.direct.rules }, definitions);
    return paths;
  }
  const prefix = proxy.context === '/' ? '' : proxy.context;
  for (const definition of definitions) {
    const chain = policies(definition);
    paths.add(prefix, chain ? governed(definition) : definition, proxy, chain);
    if (chain && chain.preflight.length > 0) paths.add(prefix, preflightOf(definition), proxy, chain);
  }
  return paths;
}
