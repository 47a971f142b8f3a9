import type { SnapshotProvider } from '@penstock/contracts';
import type { CircuitBreakers } from '../dispatch/circuit-breakers.ts';
import type { ConnectionPool } from '../upstream/connection-pool.ts';
import type { PoolAddress } from '../upstream/upstream-pools.ts';
import type { CompiledServer } from './compiled-config.ts';

/** A server's connections and its circuit breaker are known by it, beside those of its provider. */
const nameOf = (providerId: string, baseUrl: string): string => `${providerId} ${baseUrl}`;

/** The servers of a provider that get requests; none where it has only one. */
export function serversOf({ upstreams = [] }: SnapshotProvider): NonNullable<SnapshotProvider['upstreams']> {
  const weighted = upstreams.filter(({ weight }) => weight > 0);
  return weighted.length > 1 ? weighted : [];
}

/** By which servers' circuit breakers are known. */
export function serverNames(provider: SnapshotProvider): readonly string[] {
  return serversOf(provider).map(({ baseUrl }) => nameOf(provider.id, baseUrl));
}

export function serverAddresses(provider: SnapshotProvider): readonly PoolAddress[] {
  return serversOf(provider).map(({ baseUrl }) => ({
    providerId: nameOf(provider.id, baseUrl),
    origin: new URL(baseUrl).origin,
    maxConnections: provider.maxConnections,
    connectTimeoutMs: provider.timeouts.connectMs,
  }));
}

/** The servers with what is known of them; null where there is only one. */
export function compileServers(
  provider: SnapshotProvider,
  pools: ReadonlyMap<string, ConnectionPool>,
  breakers: ReadonlyMap<string, CircuitBreakers>,
): readonly CompiledServer[] | null {
  const servers = serversOf(provider).flatMap(({ baseUrl, weight }): CompiledServer[] => {
    const name = nameOf(provider.id, baseUrl);
    const [pool, own] = [pools.get(name), breakers.get(name)];
    return pool && own ? [{ baseUrl, weight, pool, breaker: own.of('') }] : [];
  });
  return servers.length === 0 ? null : servers;
}
