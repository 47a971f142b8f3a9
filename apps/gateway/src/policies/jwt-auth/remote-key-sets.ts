import { RemoteKeySet, type RemoteKeys, type RemoteKeySetServices } from './remote-key-set.ts';

/** More than any configuration names; beyond, the one that was asked for longest ago is forgotten. */
const MAX_SETS = 256;

/** The key sets of all policies: those that say the same share one, also across configurations. */
export class RemoteKeySets {
  readonly #services: RemoteKeySetServices;
  readonly #sets = new Map<string, RemoteKeySet>();

  constructor(services: RemoteKeySetServices) {
    this.#services = services;
  }

  of(where: RemoteKeys): RemoteKeySet {
    const { uri, ttlMs, staleMs, timeoutMs } = where;
    const name = `${uri} ${ttlMs} ${staleMs} ${timeoutMs}`;
    const set = this.#sets.get(name) ?? new RemoteKeySet(where, this.#services);
    this.#sets.delete(name);
    this.#sets.set(name, set);
    const [oldest] = this.#sets.keys();
    if (this.#sets.size > MAX_SETS && oldest !== undefined) this.#sets.delete(oldest);
    return set;
  }
}
