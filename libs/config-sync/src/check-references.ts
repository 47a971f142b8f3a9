import type { SnapshotProvider, SnapshotProxy, SnapshotTeam, SnapshotVirtualKey } from '@penstock/contracts';
import type { Quarantine } from './quarantine.ts';

/** Proxies that are looked at without a pause. */
const STEP = 100;

type ById<T> = ReadonlyMap<string, T>;

/**
 * Keeps the proxies that can work: the primary provider must exist in the same organization, and no earlier proxy may have the
 * context on the same host. Additional providers that are missing are left out, with the targets that need them and the models that have no
 * target left.
 */
export function* checkProxies(
  proxies: readonly SnapshotProxy[],
  providers: ById<SnapshotProvider>,
  quarantine: Quarantine,
): Generator<void, SnapshotProxy[]> {
  const exists = (proxy: SnapshotProxy, id: string): boolean =>
    providers.get(id)?.organizationId === proxy.organizationId;
  const contexts = new Map<string, string>();
  const kept = yield* quarantine.filter('LlmProxy', proxies, (proxy) => {
    const primary = proxy.providers[0];
    if (!primary || !exists(proxy, primary.providerId))
      return `its primary provider ${primary?.alias ?? ''} is missing`;
    const place = `${proxy.vhost?.toLowerCase() ?? ''} ${proxy.context}`;
    const other = contexts.get(place);
    if (other !== undefined) return `the context ${proxy.context} belongs to ${other}`;
    contexts.set(place, proxy.name);
    return undefined;
  });
  const whole: SnapshotProxy[] = [];
  for (const [index, proxy] of kept.entries()) {
    if (index % STEP === STEP - 1) yield;
    whole.push(withoutMissing(proxy, (id) => exists(proxy, id), quarantine));
  }
  return whole;
}

function withoutMissing(proxy: SnapshotProxy, exists: (id: string) => boolean, quarantine: Quarantine): SnapshotProxy {
  const providers = proxy.providers.filter(({ providerId, alias }) => {
    if (!exists(providerId)) quarantine.add('LlmProxyProvider', `${proxy.name}/${alias}`, 'the provider is missing');
    return exists(providerId);
  });
  const usable = new Set(providers.map(({ providerId }) => providerId));
  const models = proxy.models.flatMap((model) => {
    const targets = model.targets.filter((target) => usable.has(target.providerId));
    if (targets.length === 0)
      quarantine.add('LlmProxyModel', `${proxy.name}/${model.name}`, 'no target has a provider');
    return targets.length === 0 ? [] : [{ ...model, targets }];
  });
  // The proxy itself where nothing is missing: what is derived from it stays.
  const isWhole =
    providers.length === proxy.providers.length &&
    models.every(({ targets }, index) => targets.length === proxy.models[index]?.targets.length) &&
    models.length === proxy.models.length;
  return isWhole ? proxy : { ...proxy, providers, models };
}

/** Keeps the keys whose team exists in their organization and whose secrets no earlier key has. */
export function* checkVirtualKeys(
  keys: readonly SnapshotVirtualKey[],
  teams: ById<SnapshotTeam>,
  quarantine: Quarantine,
): Generator<void, SnapshotVirtualKey[]> {
  const owners = new Map<string, string>();
  return yield* quarantine.filter('VirtualKey', keys, (key) => {
    if (teams.get(key.teamId)?.organizationId !== key.organizationId) return 'its team is missing';
    for (const { hash } of key.secrets) {
      const owner = owners.get(hash);
      if (owner !== undefined) return `it has a secret of the key ${owner}`;
    }
    for (const { hash } of key.secrets) owners.set(hash, key.name);
    return undefined;
  });
}
