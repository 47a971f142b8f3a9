import type { AddressGuard } from './address-guard.ts';
import { ConnectionPool } from './connection-pool.ts';
import { guardedConnector } from './guarded-connector.ts';

/** What of a provider decides over its connections. */
export interface PoolAddress {
  readonly providerId: string;
  readonly origin: string;
  readonly maxConnections: number;
  /** 0: no timeout. */
  readonly connectTimeoutMs: number;
}

interface PoolEntry {
  readonly key: string;
  readonly pool: ConnectionPool;
}

const QUEUE_TIMEOUT_MS = 10_000;

/** The connection pools of all providers. A pool lives as long as its provider keeps its address. */
export class UpstreamPools {
  readonly #guard: AddressGuard;
  #entries = new Map<string, PoolEntry>();

  constructor(guard: AddressGuard) {
    this.#guard = guard;
  }

  /** The pools for a new snapshot by provider id; those of earlier ones that are not among them close when they are idle. */
  replace(addresses: readonly PoolAddress[]): ReadonlyMap<string, ConnectionPool> {
    const next = new Map<string, PoolEntry>();
    for (const address of addresses) {
      const key = `${address.origin} ${address.maxConnections} ${address.connectTimeoutMs}`;
      const present = this.#entries.get(address.providerId);
      next.set(address.providerId, present?.key === key ? present : { key, pool: this.#create(address) });
    }
    for (const [providerId, entry] of this.#entries) {
      if (next.get(providerId) !== entry) entry.pool.close();
    }
    this.#entries = next;
    return new Map([...next].map(([providerId, { pool }]) => [providerId, pool]));
  }

  /** Periodic care of every pool; `now` is of the monotonic clock. */
  sweep(now: number): void {
    for (const { pool } of this.#entries.values()) pool.sweep(now);
  }

  close(): void {
    for (const { pool } of this.#entries.values()) pool.close();
    this.#entries.clear();
  }

  #create(address: PoolAddress): ConnectionPool {
    return new ConnectionPool({
      origin: address.origin,
      connect: guardedConnector(this.#guard, address.connectTimeoutMs),
      maxConnections: address.maxConnections,
      maxQueued: address.maxConnections,
      queueTimeoutMs: QUEUE_TIMEOUT_MS,
    });
  }
}
