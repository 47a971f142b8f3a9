import { LlmProxySpec, type SnapshotProxy } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import { proxyTimeouts } from '../config-revisions/snapshot-timeouts.ts';
import { withTransformers } from '../config-revisions/transformer-policies.ts';
import { hopsOf } from '../llm-proxies/hop-credentials.ts';
import { quotaNames } from './quota-names.ts';
import { restoredPolicies } from './restored-policies.ts';

type Routing = Pick<LlmProxySpec, 'provider' | 'additionalProviders' | 'models'>;

/**
 * The spec of a proxy as it was then. What no snapshot holds (display name, version) stays as it is now, and so
 * does mention of providers that served neither then nor now, and how it authenticates to those that it still has. `providerNames`: of the snapshot, by id.
 */
export function restoredProxySpec(
  earlier: SnapshotProxy,
  now: LlmProxySpec | undefined,
  providerNames: ReadonlyMap<string, string>,
): LlmProxySpec {
  const {
    vhost: _,
    resilience,
    ...base
  } = now ?? LlmProxySpec.parse({ displayName: earlier.name, provider: { id: earlier.name } });
  const then = routingOf(earlier, providerNames);
  const deployed = new Set(providerNames.values());
  const same = now !== undefined && canonicalJson(effective(now, deployed)) === canonicalJson(then);
  return {
    ...base,
    ...(!same && withAuths(then, now)),
    additionalProviders: withTransformers((same ? base : withAuths(then, now)).additionalProviders, earlier.policies),
    ...restoredPolicies(earlier.policies, base),
    context: earlier.context,
    ...(earlier.vhost !== undefined && { vhost: earlier.vhost }),
    ...restoredResilience(earlier, resilience),
    authentication: earlier.authentication,
    // Snapshots of earlier releases do not say.
    unsupportedParameters: earlier.unsupportedParameters ?? 'lenient',
    quotas: quotaNames(earlier.limits),
    deploymentState: 'deployed',
  };
}

/** As it is written now where it means the same. */
function restoredResilience(
  { timeouts }: SnapshotProxy,
  now: LlmProxySpec['resilience'],
): Pick<LlmProxySpec, 'resilience'> {
  if (canonicalJson(proxyTimeouts({ resilience: now }) ?? {}) === canonicalJson(timeouts ?? {})) {
    return now ? { resilience: now } : {};
  }
  if (!timeouts) return {};
  const { idleMs, totalMs } = timeouts;
  return {
    resilience: {
      ...(totalMs !== undefined && { timeout: `${totalMs}ms` }),
      ...(idleMs !== undefined && { idleTimeout: `${idleMs}ms` }),
    },
  };
}

/** The routing of then, with what the same providers are shown now under the same names. */
function withAuths({ provider, additionalProviders, models }: Routing, now: LlmProxySpec | undefined): Routing {
  const auths = new Map(now && hopsOf(now).map(({ name, alias, auth }) => [`${alias} ${name}`, auth]));
  const withAuth = <Provider extends Routing['additionalProviders'][number]>(one: Provider): Provider => {
    const auth = auths.get(`${one.as ?? one.id} ${one.id}`);
    return auth ? { ...one, auth } : one;
  };
  return { provider: withAuth(provider), additionalProviders: additionalProviders.map(withAuth), models };
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
    provider: { id: provider.id },
    additionalProviders: additional.map(({ id, as }) => (as === undefined || as === id ? { id } : { id, as })),
    models: models.flatMap(({ name, targets }) => {
      const reachable = targets.filter((target) => known.has(target.provider));
      return reachable.length === 0 ? [] : { name, targets: reachable };
    }),
  };
}
