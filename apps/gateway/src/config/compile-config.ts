import { BlockList, isIP } from 'node:net';
import type {
  ConfigSnapshot,
  SnapshotLimit,
  SnapshotProvider,
  SnapshotProxy,
  SnapshotTeam,
  SnapshotVirtualKey,
} from '@penstock/contracts';
import { adapterFor, type ProviderAdapter } from '@penstock/providers';
import { compileModelFilter, compileRoutes } from '@penstock/routing';
import type { CircuitBreakers } from '../dispatch/circuit-breakers.ts';
import type { EndpointDefinition } from '../endpoints/endpoint.ts';
import { RouteTable } from '../http/route-table.ts';
import type { ConnectionPool } from '../upstream/connection-pool.ts';
import type { PoolAddress } from '../upstream/upstream-pools.ts';
import type {
  CompiledConfig,
  CompiledKey,
  CompiledLimit,
  CompiledProvider,
  CompiledProxy,
  KeySecret,
} from './compiled-config.ts';
import { LimitPlans } from './limit-plans.ts';
import { ModelProfiles } from './model-profiles.ts';

/** A provider that the snapshot has and this gateway cannot use. */
export interface UnusableProvider {
  readonly kind: 'LlmProvider';
  readonly name: string;
  readonly reason: string;
}

/** What compiling needs of the running gateway. */
export interface CompileServices {
  readonly openCredential: (sealed: string, owner: { organizationId: string; providerId: string }) => string;
  readonly poolsFor: (addresses: readonly PoolAddress[]) => ReadonlyMap<string, ConnectionPool>;
  readonly breakersFor: (providerIds: ReadonlySet<string>) => ReadonlyMap<string, CircuitBreakers>;
  /** Endpoints of every proxy, and those of the process itself. */
  readonly proxyEndpoints: readonly EndpointDefinition[];
  readonly systemEndpoints: readonly EndpointDefinition[];
}

export interface CompiledSnapshot {
  readonly config: CompiledConfig;
  readonly unusable: readonly UnusableProvider[];
}

interface UsableProvider {
  readonly provider: SnapshotProvider;
  readonly adapter: ProviderAdapter;
  readonly origin: string;
  readonly auth: CompiledProvider['auth'];
}

const PARAMETER_MARKER = '/models/';

/** The config before the first snapshot: only the endpoints of the process itself. */
export function emptyConfig(systemEndpoints: readonly EndpointDefinition[]): CompiledConfig {
  const paths = new RouteTable(PARAMETER_MARKER);
  for (const definition of systemEndpoints) paths.add('', definition, null);
  return {
    revision: 0,
    checksum: '',
    keysByHash: new Map(),
    rememberedHashes: new Map(),
    providers: new Map(),
    proxies: [],
    paths,
    limitPlans: new LimitPlans(),
  };
}

/** Derives from a snapshot everything that requests need. A provider that cannot be used is left out and reported. */
export function compileConfig(snapshot: ConfigSnapshot, checksum: string, services: CompileServices): CompiledSnapshot {
  const unusable: UnusableProvider[] = [];
  const usable = snapshot.providers.flatMap((provider) => {
    const opened = openProvider(provider, services);
    if (typeof opened !== 'string') return [opened];
    unusable.push({ kind: 'LlmProvider', name: provider.name, reason: opened });
    return [];
  });
  const providers = compileProviders(usable, services);
  const known = new Map(usable.map(({ provider }) => [provider.id, provider]));
  const proxies = snapshot.proxies.map((proxy) => compileProxy(proxy, known));
  const config: CompiledConfig = {
    revision: snapshot.revision,
    checksum,
    keysByHash: compileKeys(snapshot),
    rememberedHashes: new Map(),
    providers,
    proxies,
    paths: compilePaths(snapshot.proxies, proxies, services),
    limitPlans: new LimitPlans(),
  };
  return { config, unusable };
}

/** The provider with its credential in the clear, or the reason why it cannot be used. */
function openProvider(provider: SnapshotProvider, services: CompileServices): UsableProvider | string {
  const adapter = adapterFor(provider.template, provider.dialect);
  try {
    const owner = { organizationId: provider.organizationId, providerId: provider.id };
    const auth = provider.auth && {
      header: provider.auth.header,
      value: services.openCredential(provider.auth.sealedValue, owner),
    };
    return { provider, adapter, origin: new URL(provider.baseUrl).origin, auth };
  } catch (error) {
    return error instanceof Error ? error.message : 'its credential cannot be opened';
  }
}

function compileProviders(
  usable: readonly UsableProvider[],
  services: CompileServices,
): ReadonlyMap<string, CompiledProvider> {
  const pools = services.poolsFor(
    usable.map(({ provider, origin }) => ({
      providerId: provider.id,
      origin,
      maxConnections: provider.maxConnections,
      connectTimeoutMs: provider.timeouts.connectMs,
    })),
  );
  const breakers = services.breakersFor(new Set(usable.map(({ provider }) => provider.id)));
  return new Map(
    usable.flatMap(({ provider, adapter, auth }): [string, CompiledProvider][] => {
      const pool = pools.get(provider.id);
      const own = breakers.get(provider.id);
      if (!pool || !own) return [];
      const { id, name, baseUrl, apiVersion, timeouts } = provider;
      const modelIds = new Set(provider.models?.map((model) => model.id));
      const prices = new Map(Object.entries(provider.prices));
      const limits = compileLimits(provider.organizationId, `provider:${id}`, provider.limits, id);
      return [
        [
          id,
          {
            id,
            name,
            baseUrl,
            apiVersion,
            adapter,
            profiles: new ModelProfiles(provider),
            auth,
            timeouts,
            pool,
            breakers: own,
            modelIds,
            tokenSeries: new Map(),
            prices,
            limits,
          },
        ],
      ];
    }),
  );
}

function compileProxy(proxy: SnapshotProxy, providers: ReadonlyMap<string, SnapshotProvider>): CompiledProxy {
  return {
    id: proxy.id,
    name: proxy.name,
    organizationId: proxy.organizationId,
    open: proxy.authentication === 'none',
    unsupportedParameters: proxy.unsupportedParameters,
    routes: compileRoutes(proxy, providers),
    limits: compileLimits(proxy.organizationId, `proxy:${proxy.id}`, proxy.limits),
  };
}

function compilePaths(
  snapshotProxies: readonly SnapshotProxy[],
  proxies: readonly CompiledProxy[],
  services: CompileServices,
): RouteTable {
  const paths = new RouteTable(PARAMETER_MARKER);
  const contexts = snapshotProxies.map(({ context }, index) => ({ context, proxy: proxies[index] ?? null }));
  // Shorter contexts first: where two proxies claim one path, the one with the more specific context has it.
  contexts.sort((a, b) => a.context.length - b.context.length);
  for (const { context, proxy } of contexts) {
    const prefix = context === '/' ? '' : context;
    for (const definition of services.proxyEndpoints) paths.add(prefix, definition, proxy);
  }
  for (const definition of services.systemEndpoints) paths.add('', definition, null);
  return paths;
}

function compileKeys(snapshot: ConfigSnapshot): ReadonlyMap<string, KeySecret> {
  const teams = new Map(snapshot.teams.map((team) => [team.id, team]));
  const byHash = new Map<string, KeySecret>();
  for (const key of snapshot.virtualKeys) {
    const compiled = compileKey(key, teams.get(key.teamId));
    for (const secret of key.secrets) {
      byHash.set(secret.hash, { key: compiled, expiresAt: Math.min(compiled.expiresAt, timeOf(secret.expiresAt)) });
    }
  }
  return byHash;
}

function compileKey(key: SnapshotVirtualKey, team: SnapshotTeam | undefined): CompiledKey {
  const teamLimits = team ? compileLimits(team.organizationId, `team:${team.id}`, team.limits) : [];
  return {
    id: key.id,
    name: key.name,
    organizationId: key.organizationId,
    teamId: key.teamId,
    teamName: team?.name ?? '',
    teamSuspended: team?.suspended ?? false,
    expiresAt: timeOf(key.expiresAt),
    proxies: key.proxies.includes('*') ? null : new Set(key.proxies),
    allowsModel: compileModelFilter(key.models),
    addresses: key.ipAllowList.length === 0 ? null : compileAddresses(key.ipAllowList),
    limits: [...compileLimits(key.organizationId, `key:${key.id}`, key.limits), ...teamLimits],
  };
}

function compileLimits(
  organizationId: string,
  subject: string,
  limits: readonly SnapshotLimit[],
  providerId: string | null = null,
): readonly CompiledLimit[] {
  return limits.map(({ quota, id, limit }) => ({
    applicable: { organizationId, subject, id, quota, limit },
    unit: limit.unit,
    largestCharge: limit.burst ?? limit.max,
    providerId,
  }));
}

function compileAddresses(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function timeOf(time: string | null): number {
  return time === null ? Infinity : Date.parse(time);
}
