import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@penstock/telemetry';
import type { Redis } from 'ioredis';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { type AttachedLedger, attachedLedgers } from './attached-ledgers.ts';
import { type LedgerOrganization, ledgerOrganizations } from './ledger-organizations.ts';
import type { LedgerState, LedgerStore } from './ledger-store.ts';
import { sumEvents } from './sum-events.ts';
import { UsageInDatabase } from './usage-in-database.ts';
import { withDatabaseLock } from './with-database-lock.ts';

interface ReseedParts {
  readonly client: PrismaClient;
  readonly redis: Redis;
  readonly store: LedgerStore;
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
  /** How long to wait for usage that is on its way; 10 s where it is left out. */
  readonly waitMs?: number;
}

interface Seen {
  readonly ledger: AttachedLedger;
  readonly state: LedgerState;
}

const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 100;
const ORGANIZATIONS_EVERY_MS = 10_000;

/**
 * Writes the ledgers back that Redis has lost, from the usage events, and says when they are complete; until then gateways
 * spend only what they had put aside. Any number of workers may do this: one does at a time.
 */
export class LedgerReseed {
  readonly #parts: ReseedParts;
  #organizations: readonly LedgerOrganization[] = [];
  #organizationsAtMs = -Infinity;

  constructor(parts: ReseedParts) {
    this.#parts = parts;
  }

  /** One look at each organization; returns at once when their ledgers are complete. */
  async run(): Promise<void> {
    const { store, client, now } = this.#parts;
    if (now() >= this.#organizationsAtMs + ORGANIZATIONS_EVERY_MS) {
      this.#organizations = await ledgerOrganizations(client);
      this.#organizationsAtMs = now();
    }
    for (const organization of this.#organizations) {
      if (await store.seeded(organization.id)) continue;
      await withDatabaseLock(client, `reseed ${organization.id}`, () => this.#reseed(organization));
    }
  }

  /**
   * The ledgers are read first, then the usage of all that they hold is waited for, then it is added up: so nothing that was
   * spent is missing. What is settled in between may be counted twice, which errs on the side of the budget.
   */
  async #reseed(organization: LedgerOrganization): Promise<void> {
    const { store, client, logger, now } = this.#parts;
    const startedAt = performance.now();
    if (await store.seeded(organization.id)) return;
    const usage = await UsageInDatabase.from(now(), this.#parts);
    const seen = await this.#read(organization);
    const complete = seen.length === 0 || (await this.#waitFor(usage));
    let raised = 0;
    for (const portion of portionsOf(seen)) {
      const sums = await sumEvents(
        client,
        portion.map(({ ledger, state }) => ({ ledger, startMs: state.windowStartMs, endMs: state.windowEndMs })),
      );
      const raises = portion.flatMap(({ ledger: { applicable }, state }, index) => {
        const by = Math.round((sums[index] ?? 0) - state.spent);
        return by > 0 ? [{ applicable, windowStartMs: state.windowStartMs, by }] : [];
      });
      await store.raise(raises);
      raised += raises.length;
    }
    await store.markSeeded(organization.id);
    const durationMs = Math.round(performance.now() - startedAt);
    const told = { organization: organization.name, ledgers: seen.length, raised, durationMs, complete };
    logger.info(told, 'The ledgers of limits were brought in line with the usage events');
  }

  async #read(organization: LedgerOrganization): Promise<Seen[]> {
    const { client, store } = this.#parts;
    const seen: Seen[] = [];
    for await (const ledgers of attachedLedgers(client, { organization })) {
      const states = await store.read(ledgers.map(({ applicable }) => applicable));
      seen.push(...ledgers.flatMap((ledger, index) => (states[index] ? [{ ledger, state: states[index] }] : [])));
    }
    return seen;
  }

  /** False: the time is up. */
  async #waitFor(usage: UsageInDatabase): Promise<boolean> {
    const deadline = performance.now() + (this.#parts.waitMs ?? WAIT_MS);
    while (performance.now() < deadline) {
      if (await usage.reached()) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }
}

/** Each portion is a few queries over whole windows: the fewer the better. */
const PORTION = 20_000;

function* portionsOf(seen: readonly Seen[]): Generator<readonly Seen[]> {
  for (let start = 0; start < seen.length; start += PORTION) yield seen.slice(start, start + PORTION);
}
