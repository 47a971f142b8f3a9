import {
  type ApplicableLimit,
  beginLedgerReseed,
  finishLedgerReseed,
  ledgersSeeded,
  raiseLedgers,
  readLedgers,
} from '@penstock/rate-limiting';
import type { Redis } from 'ioredis';
import type { LedgerRaise, LedgerState, LedgerStore } from './ledger-store.ts';

/** The ledgers that the gateways' limiter keeps in Redis. */
export class RedisLedgerStore implements LedgerStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  read(applicable: readonly ApplicableLimit[]): Promise<readonly LedgerState[]> {
    return readLedgers(this.#redis, applicable);
  }

  async raise(entries: readonly LedgerRaise[]): Promise<void> {
    await raiseLedgers(this.#redis, entries);
  }

  seeded(organizationId: string): Promise<boolean> {
    return ledgersSeeded(this.#redis, organizationId);
  }

  beginReseed(organizationId: string, token: string): Promise<void> {
    return beginLedgerReseed(this.#redis, organizationId, token);
  }

  finishReseed(organizationId: string, token: string): Promise<boolean> {
    return finishLedgerReseed(this.#redis, organizationId, token);
  }
}
