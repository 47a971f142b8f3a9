import type { ConfigSnapshot, SnapshotProvider, SnapshotProxy } from '@penstock/contracts';
import { compileRoutes } from '@penstock/routing';
import type { CircuitBreakers } from '../dispatch/circuit-breakers.ts';
import type { TokenRatios } from '../dispatch/token-ratios.ts';
import type { EndpointDefinition } from '../endpoints/endpoint.ts';
import { RouteTable } from '../http/route-table.ts';
import type { ConnectionPool } from '../upstream/connection-pool.ts';
import type { PoolAddress } from '../upstream/upstream-pools.ts';
import { compileKeys } from './compile-keys.ts';
import { compileLimits } from './compile-limits.ts';
import { Organizations } from './compile-organizations.ts';
import { compileProviders, openProvider } from './compile-providers.ts';
import type { CompiledConfig, CompiledProxy } from './compiled-config.ts';
import type { PolicyServices } from '../policies/policy-factory.ts';
import { governed, preflightOf } from '../policies/governed-endpoints.ts';
import { compilePolicies, type PolicyChains } from '../policies/compile-policies.ts';
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
  /** Endpoints of every proxy, and those of the process itself. */
  readonly proxyEndpoints: readonly EndpointDefinition[];
  readonly systemEndpoints: readonly EndpointDefinition[];
  readonly policies: PolicyServices;
}

export interface CompiledSnapshot {
  readonly config: CompiledConfig;
  readonly unusable: readonly UnusableEntity[];
}

const PARAMETER_MARKER = '/models/';

/** The config before the first snapshot: only the endpoints of the process itself. */
export function emptyConfig(systemEndpoints: readonly EndpointDefinition[]): CompiledConfig {
  const paths = new RouteTable(PARAMETER_MARKER);
  for (const definition of systemEndpoints) paths.add('', definition, null);
  return {
    revision: 0,
    checksum: '',
    organizations: new Map(),
    keysByHash: new Map(),
    rememberedHashes: new Map(),
    providers: new Map(),
    proxies: [],
    paths,
    limitPlans: new LimitPlans(),
  };
}

/** Derives from a snapshot everything that requests need. Providers and proxies that cannot be used are left out and reported. */
export function compileConfig(snapshot: ConfigSnapshot, checksum: string, services: CompileServices): CompiledSnapshot {
  const unusable: UnusableEntity[] = [];
  const secrets = new ReferencedSecrets(snapshot.secrets ?? [], services.secrets);
  const usable = snapshot.providers.flatMap((provider) => {
    const opened = openProvider(provider, services, secrets);
    if (typeof opened !== 'string') return [opened];
    unusable.push({ kind: 'LlmProvider', name: provider.name, reason: opened });
    return [];
  });
  const organizations = new Organizations(snapshot.organizations);
  const providers = compileProviders(usable, organizations, services);
  const known = new Map(usable.map(({ provider }) => [provider.id, provider]));
  const served = snapshot.proxies.flatMap((proxy) => {
    const policies = readPolicies(proxy, services.policies);
    if (typeof policies !== 'string') {
      return [{ proxy: compileProxy(proxy, known, organizations), context: proxy.context, policies }];
    }
    unusable.push({ kind: 'LlmProxy', name: proxy.name, reason: policies });
    return [];
  });
  const config: CompiledConfig = {
    revision: snapshot.revision,
    checksum,
    organizations: organizations.byId,
    keysByHash: compileKeys(snapshot.virtualKeys, snapshot.teams, organizations),
    rememberedHashes: new Map(),
    providers,
    proxies: served.map(({ proxy }) => proxy),
    paths: compilePaths(served, services),
    limitPlans: new LimitPlans(),
  };
  return { config, unusable };
}

/** The policies of a proxy, or why they cannot be run: without them it must not serve. */
function readPolicies(proxy: SnapshotProxy, services: PolicyServices): PolicyChains | string {
  try {
    return compilePolicies(proxy, services);
  } catch (error) {
    return error instanceof Error ? error.message : 'its policies cannot be read';
  }
}

function compileProxy(
  proxy: SnapshotProxy,
  providers: ReadonlyMap<string, SnapshotProvider>,
  organizations: Organizations,
): CompiledProxy {
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
  };
}

interface ServedProxy {
  readonly proxy: CompiledProxy;
  readonly context: string;
  readonly policies: PolicyChains;
}

function compilePaths(served: readonly ServedProxy[], services: CompileServices): RouteTable {
  const paths = new RouteTable(PARAMETER_MARKER);
  // Shorter contexts first: where two proxies claim one path, the one with the more specific context has it.
  const contexts = served.toSorted((a, b) => a.context.length - b.context.length);
  for (const { context, proxy, policies } of contexts) {
    const prefix = context === '/' ? '' : context;
    for (const definition of services.proxyEndpoints) {
      const chain = policies(definition);
      paths.add(prefix, chain ? governed(definition) : definition, proxy, chain);
      if (chain && chain.preflight.length > 0) paths.add(prefix, preflightOf(definition), proxy, chain);
    }
  }
  for (const definition of services.systemEndpoints) paths.add('', definition, null);
  return paths;
}
