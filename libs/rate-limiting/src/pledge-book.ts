import { randomUUID } from 'node:crypto';
import { chargePlan } from './charge-plan.ts';
import type { Clock } from './clock.ts';
import { ledgerWindow } from './limit-kind.ts';
import { lostRedisPolicy } from './lost-redis-policy.ts';
import { Pledge, pledgeAmount } from './pledge.ts';
import type { ApplicableLimit, LimitCharge, LimitStatus } from './rate-limiter.ts';
import { ROLLING_WINDOW_MS } from './rolling-slices.ts';

/** What the book needs of Redis; each call takes one ledger. */
export interface PledgeStore {
  /** Whether Redis can be asked now. */
  usable(): boolean;
  /** Takes the amount if it is at most a hundredth of what is left; undefined when that cannot be known. */
  take(id: string, charge: LimitCharge): Promise<{ readonly taken: boolean; readonly status: LimitStatus } | undefined>;
  /**
   * Prolongs the lease, or takes it again in a Redis that has lost its data; false when Redis does not hold it any more. Rejects
   * when Redis cannot be asked.
   */
  renew(id: string, charge: LimitCharge, takenAtMs: number): Promise<boolean>;
  /** Tells Redis what was spent of a pledge, now or later. Never rejects. */
  settle(id: string, charge: LimitCharge, spent: number): Promise<void>;
}

export interface PledgeBookOptions {
  readonly store: PledgeStore;
  readonly clock: Clock;
  /** Pledges are looked after at a third of it. */
  readonly leaseMs: number;
  /** Of how many ledgers at most pledges are held. */
  readonly maxLedgers: number;
}

/** A ledger that this process used lately. */
interface Entry {
  readonly name: string;
  applicable: ApplicableLimit;
  usedAtMs: number;
  /** What was left of the ledger when it was last used, without its pledges. */
  remaining: number;
  /** No pledge before this: the last one was in the way of a request. */
  notBeforeMs: number;
  pledge: Pledge | undefined;
  /** Resolves when it is known whether Redis gave one. */
  taking: Promise<void> | undefined;
  /** Resolves when Redis has the pledge back that stood in the way of a request. */
  returning: Promise<void> | undefined;
  /** Redis lost the ledger: the pledge is all that there is until it is written back. */
  unknown: boolean;
}

const IDLE_MS = 60_000;
/** Redis forgets after two days that a reservation was made; a pledge is renewed as a whole long before. */
const MAX_AGE_MS = 3_600_000;
const MAX_VALID_MS = 24 * 3_600_000;
/** After the first use; a burst of new ledgers is pledged in one go. */
const SOON_MS = 50;
/** A pledge that has become so many times larger than a new one would be is replaced. */
const OVERSIZED = 2;

/**
 * The pledges of this process: for every budget that it used in the last minute and that falls back to `local`. They are taken,
 * renewed and given back in the background; a request only meets them when Redis is lost, or when one stands in its way.
 * N processes keep at most N pledges from being spent, each of at most 1 USD and at most 2 % of what is left (1 % when taken).
 */
export class PledgeBook {
  readonly #options: PledgeBookOptions;
  readonly #entries = new Map<string, Entry>();
  /** Entries that are to be looked at soon. */
  readonly #due = new Set<Entry>();
  /** Given back as soon as the requests that hold some of them have ended. */
  readonly #ending = new Set<Pledge>();
  #soon: NodeJS.Timeout | undefined;
  #round: NodeJS.Timeout | undefined;
  #nextEvictionMs = 0;
  #closed = false;

  constructor(options: PledgeBookOptions) {
    this.#options = options;
  }

  /** Pledges that are held now. */
  get size(): number {
    let held = 0;
    for (const { pledge } of this.#entries.values()) if (pledge) held += 1;
    return held;
  }

  /** Redis decided about these limits: those that are budgets have been used. */
  noteUse(statuses: readonly LimitStatus[], nowMs: number): void {
    for (const { applicable, remaining } of statuses) {
      if (applicable.limit.unit !== 'cost' || lostRedisPolicy(applicable.limit) !== 'pledge') continue;
      const entry = this.#entryOf(applicable, nowMs);
      if (!entry) continue;
      entry.applicable = applicable;
      entry.usedAtMs = nowMs;
      entry.remaining = remaining;
      entry.unknown = false;
      const wanted = entry.pledge ? entry.pledge.spent > 0 : pledgeAmount(remaining) > 0 && nowMs >= entry.notBeforeMs;
      if (wanted) this.#lookSoon(entry);
    }
  }

  /** Redis lost what it knew of these limits. */
  noteUnknown(charges: readonly LimitCharge[], nowMs: number): void {
    for (const { applicable } of charges) {
      const entry = this.#entries.get(chargePlan(applicable, nowMs).name);
      if (entry) entry.unknown = true;
    }
  }

  /** Holds the amount of a charge from its ledger's pledge; undefined when there is none that suffices. */
  hold({ applicable, amount }: LimitCharge, nowMs: number): Pledge | undefined {
    const entry = this.#entries.get(chargePlan(applicable, nowMs).name);
    if (!entry?.pledge?.hold(amount, nowMs)) return undefined;
    entry.usedAtMs = nowMs;
    return entry.pledge;
  }

  /**
   * The end of a hold: `actual` was spent of it. False when Redis has to be told of that at once, since it lost the ledger and
   * with it the pledge, and others may be given what is left as soon as the ledger is written back.
   */
  settle(pledge: Pledge, amount: number, actual: number, nowMs: number): boolean {
    const entry = this.#entries.get(chargePlan(pledge.applicable, nowMs).name);
    const lost = entry?.pledge === pledge && entry.unknown;
    pledge.settle(amount, actual, lost);
    if (!pledge.busy && this.#ending.delete(pledge)) void this.#tell(pledge);
    return !lost;
  }

  /**
   * Gives back what stood in the way of a request: true when asking once more may help. `statuses` are those of its charges.
   */
  async makeRoom(charges: readonly LimitCharge[], statuses: readonly LimitStatus[], nowMs: number): Promise<boolean> {
    const inTheWay: Entry[] = [];
    for (const [index, status] of statuses.entries()) {
      if (!status.exceeded || status.applicable.limit.mode === 'shadow') continue;
      const entry = this.#entries.get(chargePlan(status.applicable, nowMs).name);
      if (entry?.taking) await entry.taking;
      if (!entry || !mayMakeRoom(entry, (charges[index]?.amount ?? 0) - status.remaining)) return false;
      inTheWay.push(entry);
    }
    await Promise.all(inTheWay.map((entry) => this.#giveWay(entry, nowMs)));
    return inTheWay.length > 0;
  }

  /** Redis is back: tells it what was spent. */
  async report(): Promise<void> {
    const spent = [...this.#entries.values()].filter(({ pledge, unknown }) => !unknown && (pledge?.spent ?? 0) > 0);
    await Promise.all(spent.map((entry) => this.#giveBack(entry)));
  }

  /** Renews all pledges, also those that are waited for: Redis may have lost them. Rejects when Redis cannot be asked. */
  async restore(): Promise<void> {
    const held = [...this.#entries.values()].flatMap(({ pledge }) => pledge ?? []);
    await Promise.all([...held, ...this.#ending].map((pledge) => this.#renew(pledge)));
  }

  /** Gives everything back. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#soon);
    clearTimeout(this.#round);
    await Promise.all([...this.#entries.values()].map((entry) => this.#giveBack(entry)));
    this.#entries.clear();
  }

  #entryOf(applicable: ApplicableLimit, nowMs: number): Entry | undefined {
    const { name } = chargePlan(applicable, nowMs);
    const known = this.#entries.get(name);
    if (known || this.#closed || !this.#makeSpace(nowMs)) return known;
    const entry: Entry = {
      name,
      applicable,
      usedAtMs: nowMs,
      remaining: 0,
      notBeforeMs: 0,
      pledge: undefined,
      taking: undefined,
      returning: undefined,
      unknown: false,
    };
    this.#entries.set(name, entry);
    this.#round ??= setTimeout(() => void this.#lookAfterAll(), this.#options.leaseMs / 3).unref();
    return entry;
  }

  /** Whether there is space for one more; the ledger that was not used for longest has to go, looked for once in a second. */
  #makeSpace(nowMs: number): boolean {
    if (this.#entries.size < this.#options.maxLedgers) return true;
    if (nowMs < this.#nextEvictionMs) return false;
    this.#nextEvictionMs = nowMs + 1_000;
    let oldest: Entry | undefined;
    for (const entry of this.#entries.values()) if (!oldest || entry.usedAtMs < oldest.usedAtMs) oldest = entry;
    if (oldest) this.#forget(oldest);
    return oldest !== undefined;
  }

  #lookSoon(entry: Entry): void {
    this.#due.add(entry);
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      const due = [...this.#due];
      this.#due.clear();
      for (const one of due) void this.#lookAfter(one);
    }, SOON_MS).unref();
  }

  async #lookAfterAll(): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => this.#lookAfter(entry)));
    this.#round =
      this.#entries.size === 0 || this.#closed
        ? undefined
        : setTimeout(() => void this.#lookAfterAll(), this.#options.leaseMs / 3).unref();
  }

  /** Brings one ledger's pledge up to date. Never rejects. */
  async #lookAfter(entry: Entry): Promise<void> {
    const nowMs = this.#options.clock.now();
    const { pledge } = entry;
    if (this.#entries.get(entry.name) !== entry || !this.#options.store.usable()) return;
    if (nowMs - entry.usedAtMs >= IDLE_MS) {
      if (!pledge?.busy) this.#forget(entry);
      return;
    }
    if (entry.unknown) return;
    if (pledge && !isStale(pledge, entry.remaining, nowMs) && (await this.#renewed(pledge))) return;
    if (entry.pledge === pledge) await this.#giveBack(entry);
    if (nowMs >= entry.notBeforeMs) await this.#take(entry);
  }

  /** True as well when it cannot be known: the lease may run out then, which a settlement corrects. */
  #renewed(pledge: Pledge): Promise<boolean> {
    return this.#renew(pledge).catch(() => true);
  }

  #renew({ id, applicable, amount, takenAtMs }: Pledge): Promise<boolean> {
    return this.#options.store.renew(id, { applicable, amount }, takenAtMs);
  }

  #take(entry: Entry): Promise<void> {
    if (entry.pledge || this.#closed) return Promise.resolve();
    // What is left may have become less meanwhile, which Redis says then.
    entry.taking ??= this.#tryToTake(entry)
      .then((done) => done || this.#tryToTake(entry))
      .then(() => {
        entry.taking = undefined;
      });
    return entry.taking;
  }

  /** False when it should be tried again with what Redis says is left. */
  async #tryToTake(entry: Entry): Promise<boolean> {
    const { applicable } = entry;
    const amount = pledgeAmount(entry.remaining);
    if (amount === 0) return true;
    const [id, takenAtMs] = [`pledge-${randomUUID()}`, this.#options.clock.now()];
    const answer = await this.#options.store.take(id, { applicable, amount });
    if (!answer) return true;
    entry.remaining = answer.status.remaining;
    if (!answer.taken) return false;
    const untilMs = takenAtMs + Math.min(MAX_VALID_MS, countedForMs(answer.status));
    const pledge = new Pledge({ id, applicable, amount, takenAtMs, untilMs });
    if (this.#entries.get(entry.name) === entry && entry.notBeforeMs <= takenAtMs) entry.pledge = pledge;
    else await this.#tell(pledge);
    return true;
  }

  #giveWay(entry: Entry, nowMs: number): Promise<void> {
    entry.notBeforeMs = nowMs + IDLE_MS;
    entry.returning ??= this.#giveBack(entry).finally(() => {
      entry.returning = undefined;
    });
    return entry.returning;
  }

  async #giveBack(entry: Entry): Promise<void> {
    const { pledge } = entry;
    entry.pledge = undefined;
    if (!pledge) return;
    if (pledge.busy) this.#ending.add(pledge);
    else await this.#tell(pledge);
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.name);
    this.#due.delete(entry);
    void this.#giveBack(entry);
  }

  #tell({ id, applicable, amount, owed }: Pledge): Promise<void> {
    return this.#options.store.settle(id, { applicable, amount }, owed);
  }
}

/** Whether so much would be free if the pledge were not there; it may be on its way back already. */
function mayMakeRoom({ returning, pledge }: Entry, amount: number): boolean {
  return returning !== undefined || (pledge !== undefined && !pledge.busy && pledge.amount >= amount);
}

function isStale(pledge: Pledge, remaining: number, nowMs: number): boolean {
  if (pledge.spent > 0 || nowMs >= pledge.untilMs || nowMs - pledge.takenAtMs >= MAX_AGE_MS) return true;
  return pledge.amount > OVERSIZED * Math.max(1, pledgeAmount(remaining + pledge.amount));
}

/** Until the ledger's window ends; of a rolling one until the present slice ends, since it is counted in that. */
function countedForMs({ applicable: { limit }, resetAfterMs }: LimitStatus): number {
  return limit.alignment === 'rolling' ? resetAfterMs - ROLLING_WINDOW_MS[ledgerWindow(limit)] : resetAfterMs;
}
