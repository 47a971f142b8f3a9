import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ARRIVAL_PREFIX } from '@penstock/contracts';
import { isGuardedBudget } from '@penstock/rate-limiting';
import type { Logger } from '@penstock/telemetry';
import type { Redis } from 'ioredis';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { type AttachedLedger, attachedLedgers } from './attached-ledgers.ts';
import { type LedgerOrganization, ledgerOrganizations } from './ledger-organizations.ts';
import type { LedgerState, LedgerStore } from './ledger-store.ts';
import { RedisReseedSigns } from './redis-reseed-signs.ts';
import { ReseedWait } from './reseed-wait.ts';
import { sumEvents } from './sum-events.ts';
import { withDatabaseLock } from './with-database-lock.ts';

interface ReseedParts {
  readonly client: PrismaClient;
  readonly redis: Redis;
  readonly store: LedgerStore;
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
  /** How long gateways may take to be heard of; see {@link ReseedWait}. */
  readonly arrivalMs?: number;
}

interface Seen {
  readonly ledger: AttachedLedger;
  readonly state: LedgerState;
}

/** Organizations that are written back together. */
interface Group {
  readonly organizations: readonly LedgerOrganization[];
  readonly seen: readonly Seen[];
}

const ORGANIZATIONS_EVERY_MS = 10_000;
/** Each portion is a few queries over whole windows, and a wait: the fewer the better. */
const PORTION = 20_000;
const steadyClock = { now: () => performance.now(), sleep: async (ms: number) => sleep(ms) };

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
    const { client, now } = this.#parts;
    if (now() >= this.#organizationsAtMs + ORGANIZATIONS_EVERY_MS) {
      this.#organizations = await ledgerOrganizations(client);
      this.#organizationsAtMs = now();
    }
    if ((await this.#unseeded()).length === 0) return;
    await withDatabaseLock(client, 'reseed', () => this.#reseed());
  }

  async #unseeded(): Promise<LedgerOrganization[]> {
    const unseeded: LedgerOrganization[] = [];
    for (const organization of this.#organizations) {
      if (!(await this.#parts.store.seeded(organization.id))) unseeded.push(organization);
    }
    return unseeded;
  }

  async #reseed(): Promise<void> {
    const { logger, redis, client, arrivalMs } = this.#parts;
    const signs = new RedisReseedSigns({ redis, client });
    const arrival = arrivalMs === undefined ? {} : { arrivalMs };
    const wait = new ReseedWait({ signs, clock: steadyClock, logger, ...arrival });
    const withLedgers = await this.#markThoseWithoutLedgers(await this.#unseeded());
    if (withLedgers.length === 0) return;
    let token = `${ARRIVAL_PREFIX}${randomUUID()}`;
    await wait.arrival(token);
    for (let rest = withLedgers; rest.length > 0;) {
      token = randomUUID();
      const group = await this.#readGroup(rest, token);
      if (!(await wait.usage(token))) return;
      const seen = await this.#readBudgets(group);
      // Gateways have held back what ended meanwhile as long as they were called.
      if (!(await signs.keepCalling(token))) return;
      await this.#raise(seen);
      await this.#finish(group, token);
      rest = rest.slice(group.organizations.length);
    }
    await signs.endCall(token);
  }

  async #markThoseWithoutLedgers(organizations: readonly LedgerOrganization[]): Promise<LedgerOrganization[]> {
    const withLedgers: LedgerOrganization[] = [];
    for (const organization of organizations) {
      if (await this.#hasLedgers(organization)) withLedgers.push(organization);
      else
        await this.#finish({ organizations: [organization], seen: [] }, await this.#begin(organization, randomUUID()));
    }
    return withLedgers;
  }

  async #hasLedgers(organization: LedgerOrganization): Promise<boolean> {
    for await (const ledgers of attachedLedgers(this.#parts.client, { organization })) {
      if (ledgers.length > 0) return true;
    }
    return false;
  }

  async #begin({ id }: LedgerOrganization, token: string): Promise<string> {
    await this.#parts.store.beginReseed(id, token);
    return token;
  }

  /**
   * The first of these organizations, until there are enough ledgers. They are read first, then the usage of all that they hold is
   * waited for, then it is added up: so nothing that was spent is missing. What is settled after they were read and before gateways
   * hold back their usage counts twice, which errs on the side of the limit; budgets are read again for that.
   */
  async #readGroup(organizations: readonly LedgerOrganization[], token: string): Promise<Group> {
    const seen: Seen[] = [];
    const read: LedgerOrganization[] = [];
    for (const organization of organizations) {
      await this.#begin(organization, token);
      for await (const ledgers of attachedLedgers(this.#parts.client, { organization })) {
        const states = await this.#parts.store.read(ledgers.map(({ applicable }) => applicable));
        seen.push(...ledgers.flatMap((ledger, index) => (states[index] ? [{ ledger, state: states[index] }] : [])));
      }
      read.push(organization);
      if (seen.length >= PORTION) break;
    }
    return { organizations: read, seen };
  }

  /** With the budgets as they are now, when gateways hold back their settlements as well as their usage: exact. */
  async #readBudgets({ seen }: Group): Promise<readonly Seen[]> {
    const budgets = seen.filter(({ ledger }) => isGuardedBudget(ledger.applicable));
    const states = await this.#parts.store.read(budgets.map(({ ledger }) => ledger.applicable));
    const again = new Map(budgets.map(({ ledger }, index) => [ledger, states[index]]));
    return seen.map(({ ledger, state }) => ({ ledger, state: again.get(ledger) ?? state }));
  }

  async #raise(seen: readonly Seen[]): Promise<void> {
    for (const portion of portionsOf(seen)) {
      const sums = await sumEvents(
        this.#parts.client,
        portion.map(({ ledger, state }) => ({ ledger, startMs: state.windowStartMs, endMs: state.windowEndMs })),
      );
      const raises = portion.flatMap(({ ledger: { applicable }, state }, index) => {
        const by = Math.round((sums[index] ?? 0) - state.spent);
        return by > 0 ? [{ applicable, windowStartMs: state.windowStartMs, by }] : [];
      });
      await this.#parts.store.raise(raises);
    }
  }

  /** Redis may have lost its data once more meanwhile; the next look finds that. */
  async #finish({ organizations, seen }: Group, token: string): Promise<void> {
    const { store, logger } = this.#parts;
    for (const { id, name } of organizations) {
      const ledgers = seen.filter(({ ledger }) => ledger.applicable.organizationId === id).length;
      const told = { organization: name, ledgers };
      if (await store.finishReseed(id, token)) {
        logger.info(told, 'The ledgers of limits were brought in line with the usage events');
      } else logger.warn(told, 'Redis lost its data again while ledgers were written back');
    }
  }
}

function* portionsOf(seen: readonly Seen[]): Generator<readonly Seen[]> {
  for (let start = 0; start < seen.length; start += PORTION) yield seen.slice(start, start + PORTION);
}
