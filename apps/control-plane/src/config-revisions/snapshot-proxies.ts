import type { SnapshotProxy } from '@penstock/contracts';
import { hopsOf } from '../llm-proxies/hop-credentials.ts';
import type { SnapshotLimits } from './snapshot-limits.ts';
import { snapshotPolicies } from './snapshot-policies.ts';
import type { SnapshotRows } from './snapshot-rows.ts';
import { proxyTimeouts } from './snapshot-timeouts.ts';

type ProxyRow = SnapshotRows['proxies'][number];
type ProviderOfProxy = SnapshotRows['proxyProviders'][number];

/** The deployed proxies; `deployed` are the ids of the providers that are. */
export function snapshotProxies(
  rows: SnapshotRows,
  deployed: ReadonlySet<string>,
  limits: SnapshotLimits,
): SnapshotProxy[] {
  const providersByProxy = Map.groupBy(rows.proxyProviders, (row) => row.proxyId);
  const hops = new HopAuths(rows);
  return rows.proxies.flatMap((row) => {
    const [primary, ...additional] = providersByProxy.get(row.id) ?? [];
    // Without its primary a proxy is left out: another provider must not silently take its place.
    if (row.spec.deploymentState === 'undeployed' || !primary || !deployed.has(primary.providerId)) return [];
    const providers = [primary, ...additional.filter(({ providerId }) => deployed.has(providerId))];
    const timeouts = proxyTimeouts(row.spec);
    return {
      id: row.id,
      name: row.name,
      organizationId: row.organizationId,
      context: row.spec.context,
      ...(row.spec.vhost !== undefined && { vhost: row.spec.vhost }),
      authentication: row.spec.authentication,
      providers: providers.map(({ providerId, alias }) => ({ providerId, alias, ...hops.of(row, alias, providerId) })),
      ...(timeouts && { timeouts }),
      models: proxyModels(row, providers),
      unsupportedParameters: row.spec.unsupportedParameters ?? 'lenient',
      policies: snapshotPolicies(row.spec),
      limits: limits.of(row),
    };
  });
}

/** What proxies show their providers. */
class HopAuths {
  readonly #sealed: ReadonlyMap<string, string>;

  constructor({ proxyCredentials = [] }: Pick<SnapshotRows, 'proxyCredentials'>) {
    this.#sealed = new Map(
      proxyCredentials.map(({ proxyId, alias, providerId, sealedValue }) => [
        keyOf(proxyId, alias, providerId),
        sealedValue,
      ]),
    );
  }

  of({ id, spec }: ProxyRow, alias: string, providerId: string): Pick<SnapshotProxy['providers'][number], 'auth'> {
    const sealedValue = this.#sealed.get(keyOf(id, alias, providerId));
    if (sealedValue === undefined) return {};
    const header = hopsOf(spec).find((hop) => hop.alias === alias)?.auth?.header;
    return header === undefined ? {} : { auth: { header, sealedValue } };
  }
}

/** Neither ids nor aliases hold spaces. */
function keyOf(proxyId: string, alias: string, providerId: string): string {
  return `${proxyId} ${alias} ${providerId}`;
}

/** Targets name providers by alias; those of undeployed providers fall away, and a model without targets with them. */
function proxyModels(row: ProxyRow, providers: readonly ProviderOfProxy[]): SnapshotProxy['models'] {
  const idByAlias = new Map(providers.map(({ alias, providerId }) => [alias, providerId]));
  return row.spec.models.flatMap(({ name, targets }) => {
    const reachable = targets.flatMap(({ provider, model, weight, priority }) => {
      const providerId = idByAlias.get(provider);
      return providerId === undefined ? [] : { providerId, model, weight, priority };
    });
    return reachable.length === 0 ? [] : { name, targets: reachable };
  });
}
