import { LlmProxySpec, type SnapshotProxy } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import { withTransformers } from '../config-revisions/transformer-policies.ts';
import { quotaNames } from './quota-names.ts';
import { restoredPolicies } from './restored-policies.ts';

type Routing = Pick<LlmProxySpec, 'provider' | 'additionalProviders' | 'models'>;

/**
 * The spec of a proxy as it was then. What no snapshot holds (display name, version) stays as it is now, and so
 * does mention of providers that served neither then nor now. `providerNames`: of the snapshot, by id.
 */
export function restoredProxySpec(
  earlier: SnapshotProxy,
  now: LlmProxySpec | undefined,
  providerNames: ReadonlyMap<string, string>,
): LlmProxySpec {
  const base = now ?? LlmProxySpec.parse({ displayName: earlier.name, provider: { id: earlier.name } });
  const then = routingOf(earlier, providerNames);
  const deployed = new Set(providerNames.values());
  const same = now !== undefined && canonicalJson(effective(now, deployed)) === canonicalJson(then);
  return {
    ...base,
    ...(!same && then),
    additionalProviders: withTransformers((same ? base : then).additionalProviders, earlier.policies),
    ...restoredPolicies(earlier.policies, base),
    context: earlier.context,
    authentication: earlier.authentication,
    // Snapshots of earlier releases do not say.
    unsupportedParameters: earlier.unsupportedParameters ?? 'lenient',
    quotas: quotaNames(earlier.limits),
    deploymentState: 'deployed',
  };
}

function routingOf({ name, providers, models }: SnapshotProxy, providerNames: ReadonlyMap<string, string>): Routing {
  const nameOf = (providerId: string): string => {
    const found = providerNames.get(providerId);
    if (found === undefined) throw new Error(`the snapshot lacks a provider of the proxy ${name}`);
    return found;
  };
  const [primary, ...additional] = providers.map(({ providerId, alias }) => ({ id: nameOf(providerId), alias }));
  if (!primary) throw new Error(`the snapshot has no provider of the proxy ${name}`);
  const aliases = new Map(providers.map(({ providerId, alias }) => [providerId, alias]));
  return {
    provider: { id: primary.id },
    additionalProviders: additional.map(({ id, alias }) => (id === alias ? { id } : { id, as: alias })),
    models: models.map((model) => ({
      name: model.name,
      targets: model.targets.map(({ providerId, ...target }) => ({
        ...target,
        provider: aliases.get(providerId) ?? nameOf(providerId),
      })),
    })),
  };
}

/** What of a spec takes effect while only these providers are deployed; a name that is its own alias is left out. */
function effective({ provider, additionalProviders, models }: Routing, deployed: ReadonlySet<string>): Routing {
  const additional = additionalProviders.filter(({ id }) => deployed.has(id));
  const known = new Set([provider.id, ...additional.map(({ id, as }) => as ?? id)]);
  return {
    provider,
    additionalProviders: additional.map(({ id, as }) => (as === undefined || as === id ? { id } : { id, as })),
    models: models.flatMap(({ name, targets }) => {
      const reachable = targets.filter((target) => known.has(target.provider));
      return reachable.length === 0 ? [] : { name, targets: reachable };
    }),
  };
}
