import type { CompiledKey, CompiledProvider, CompiledProxy } from './compiled-config.ts';
import { limitSet, type LimitSet } from './limit-set.ts';

/** A config may have many keys and many proxies, of which few meet. */
const MAX_REMEMBERED = 20_000;

/** Remembers which limits a key meets at a proxy, so that no request has to put them together. */
export class LimitPlans {
  readonly #byProxy = new Map<CompiledProxy, Map<CompiledKey | null, LimitSet>>();
  #remembered = 0;

  /** All limits of the key, its team, the organization and the proxy. `key` is null at an open proxy. */
  of(key: CompiledKey | null, proxy: CompiledProxy): LimitSet {
    const known = this.#byProxy.get(proxy)?.get(key);
    return known ?? this.#remember(key, proxy);
  }

  #remember(key: CompiledKey | null, proxy: CompiledProxy): LimitSet {
    if (this.#remembered >= MAX_REMEMBERED) {
      this.#byProxy.clear();
      this.#remembered = 0;
    }
    let byKey = this.#byProxy.get(proxy);
    if (!byKey) this.#byProxy.set(proxy, (byKey = new Map()));
    const set = limitSet(key?.limits ?? [], proxy.limits);
    byKey.set(key, set);
    this.#remembered += 1;
    return set;
  }
}

/** All limits of a provider and of one of its models. */
export function limitsOfTarget(provider: CompiledProvider, modelId: string): LimitSet {
  return provider.modelLimits.get(modelId) ?? provider.limits;
}
