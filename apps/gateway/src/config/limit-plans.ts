import type { CompiledKey, CompiledLimit, CompiledProvider, CompiledProxy } from './compiled-config.ts';

const NONE: readonly CompiledLimit[] = [];

/** Remembers which limits a key meets at a proxy and a provider, so that no request has to put them together. */
export class LimitPlans {
  readonly #byKey = new Map<CompiledKey | null, Map<CompiledProxy, Map<CompiledProvider, readonly CompiledLimit[]>>>();

  /** All limits of the key, its team, the proxy and the provider. `key` is null at an open proxy. */
  of(key: CompiledKey | null, proxy: CompiledProxy, provider: CompiledProvider): readonly CompiledLimit[] {
    let byProxy = this.#byKey.get(key);
    if (!byProxy) this.#byKey.set(key, (byProxy = new Map()));
    let byProvider = byProxy.get(proxy);
    if (!byProvider) byProxy.set(proxy, (byProvider = new Map()));
    let limits = byProvider.get(provider);
    if (!limits) byProvider.set(provider, (limits = join(key?.limits ?? NONE, proxy.limits, provider.limits)));
    return limits;
  }
}

function join(...parts: readonly (readonly CompiledLimit[])[]): readonly CompiledLimit[] {
  const limits = parts.flat();
  return limits.length === 0 ? NONE : limits;
}
