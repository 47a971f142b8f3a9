import { type PublicKey, readPublicKeys } from '@penstock/policies';
import type { Network } from '../../upstream/guarded-network.ts';
import { type KeySet, keysNamed, KeysUnavailableError, type SigningKeyName } from './key-set.ts';

/** Where keys are, and how long they hold; milliseconds. */
export interface RemoteKeys {
  readonly uri: string;
  /** Keys of less age are current. */
  readonly ttlMs: number;
  /** For so long after that they are used while no newer ones can be had. */
  readonly staleMs: number;
  readonly timeoutMs: number;
}

export interface RemoteKeySetServices {
  readonly network: Pick<Network, 'request'>;
  /** Monotonic clock, milliseconds. */
  readonly now: () => number;
  /** Keys could not be had. */
  readonly onFault: (uri: string, error: unknown) => void;
}

const MAX_BYTES = 512 * 1024;
/** No sooner after a fetch, a key that is not among those that were found is looked for again. */
export const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
/** No sooner after a fetch that failed, there is another one. */
export const FAILURE_COOLDOWN_MS = 5_000;

/**
 * The keys that an identity provider publishes. They are fetched when the first token comes, then behind the back of requests, one
 * fetch at a time; a request waits only where there are none, or where its key is not among them.
 */
export class RemoteKeySet implements KeySet {
  generation = 0;
  readonly #where: RemoteKeys;
  readonly #services: RemoteKeySetServices;
  #keys: readonly PublicKey[] | null = null;
  /** As it was published. */
  #text = '';
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #failed = false;
  #fetching: Promise<void> | null = null;

  constructor(where: RemoteKeys, services: RemoteKeySetServices) {
    this.#where = where;
    this.#services = services;
  }

  isCurrent(generation: number): boolean {
    return this.#usable() !== null && this.generation === generation;
  }

  keysFor(name: SigningKeyName): readonly PublicKey[] | Promise<readonly PublicKey[]> {
    const keys = this.#usable();
    const found = keys ? keysNamed(keys, name) : [];
    if (found.length > 0) return found;
    const cooldownMs = keys && !this.#failed ? UNKNOWN_KEY_COOLDOWN_MS : FAILURE_COOLDOWN_MS;
    if (!this.#fetching && this.#services.now() - this.#triedAt < cooldownMs) {
      if (keys) return found;
      throw new KeysUnavailableError('the keys could not be fetched');
    }
    return this.#fetch().then(() => {
      const fetched = this.#usable();
      if (!fetched) throw new KeysUnavailableError('the keys could not be fetched');
      return keysNamed(fetched, name);
    });
  }

  /** The keys as long as they may be used; makes sure that newer ones are on their way when they are not current. */
  #usable(): readonly PublicKey[] | null {
    const { ttlMs, staleMs } = this.#where;
    const age = this.#services.now() - this.#fetchedAt;
    if (this.#keys === null || age > ttlMs + staleMs) return null;
    if (age > ttlMs && this.#services.now() - this.#triedAt >= FAILURE_COOLDOWN_MS) void this.#fetch();
    return this.#keys;
  }

  /** Never rejects. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetchOnce().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetchOnce(): Promise<void> {
    const { uri, timeoutMs } = this.#where;
    const { network, now, onFault } = this.#services;
    this.#triedAt = now();
    try {
      const url = new URL(uri);
      const accept = 'application/jwk-set+json, application/json';
      const { status, body } = await network.request({ url, method: 'GET', timeoutMs, maxBytes: MAX_BYTES, accept });
      if (status !== 200) throw new TypeError(`the keys were answered with status ${status}`);
      this.#take(body);
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      onFault(uri, error);
    } finally {
      this.#triedAt = now();
    }
  }

  #take(text: string): void {
    if (text !== this.#text) {
      this.#keys = readPublicKeys(JSON.parse(text));
      this.#text = text;
      this.generation += 1;
    }
    this.#fetchedAt = this.#services.now();
  }
}
