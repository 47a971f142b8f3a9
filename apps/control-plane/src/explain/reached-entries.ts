import type { SnapshotProvider, SnapshotProxy } from '@penstock/contracts';

/** What a context belongs to: a proxy, or a provider that is called without one. */
export interface ReachedEntry {
  readonly proxy: SnapshotProxy;
  /** Null: an ordinary proxy. */
  readonly direct: SnapshotProvider | null;
}

/** Everything of an organization that is reached under a host, in the order in which hosts decide: the most particular first. */
export function entriesByHost(
  {
    proxies,
    providers,
  }: { readonly proxies: readonly SnapshotProxy[]; readonly providers: readonly SnapshotProvider[] },
  host: string,
): readonly (readonly ReachedEntry[])[] {
  const entries: ReachedEntry[] = [
    ...proxies.map((proxy) => ({ proxy, direct: null })),
    ...providers.flatMap((provider) => directEntry(provider)),
  ];
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const ranks = new Map<number, ReachedEntry[]>();
  for (const entry of entries) {
    const rank = rankOf(entry.proxy.vhost?.toLowerCase(), name);
    if (rank !== null) ranks.set(rank, [...(ranks.get(rank) ?? []), entry]);
  }
  return [...ranks].toSorted(([one], [other]) => other - one).map(([, found]) => found);
}

/** The longer the more particular; null: it is not reached under this host. */
function rankOf(vhost: string | undefined, host: string): number | null {
  if (vhost === undefined) return 0;
  if (vhost === host) return Infinity;
  return vhost.startsWith('*.') && host.endsWith(vhost.slice(1)) && host.length >= vhost.length ? vhost.length : null;
}

function directEntry(provider: SnapshotProvider): ReachedEntry[] {
  const { id, name, organizationId, context, vhost, policies = [], models } = provider;
  if (context === undefined) return [];
  const declared = new Set(models?.map((model) => model.id));
  const byVendor = (models ?? []).filter(({ upstreamModel }) => !declared.has(upstreamModel));
  const proxy: SnapshotProxy = {
    id,
    name,
    organizationId,
    context,
    ...(vhost !== undefined && { vhost }),
    authentication: 'virtual-key',
    providers: [{ providerId: id, alias: name }],
    models: byVendor.map((model) => ({
      name: model.upstreamModel,
      targets: [{ providerId: id, model: model.id, weight: 1, priority: 0 }],
    })),
    unsupportedParameters: 'lenient',
    policies,
    limits: [],
  };
  return [{ proxy, direct: provider }];
}
