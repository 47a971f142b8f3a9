import { randomUUID } from 'node:crypto';
import { setImmediate as turnEnd } from 'node:timers/promises';
import { type LimitUnit, redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { Clock } from './clock.ts';
import { limitKind } from './limit-kind.ts';
import { LocalAdmissions } from './local-admissions.ts';
import { LocalDebt } from './local-debt.ts';
import { OpenReservation, OpenReservations } from './open-reservations.ts';
import { PledgeBook, type PledgeStore } from './pledge-book.ts';
import type { LimitCharge, LimitDecision, RateLimiter, Reservation } from './rate-limiter.ts';
import { readDecision } from './read-decision.ts';
import { type Hold, renewInRedis, reserveInRedis, settleInRedis, UNSEEDED } from './redis-charges.ts';
import { ScriptCalls } from './script-calls.ts';
import { organizationOf, type ScriptCharge } from './script-charges.ts';
import { settledAmount } from './settled-amount.ts';
import type { Settlement } from './settlement-queue.ts';
import { SettlementSender } from './settlement-sender.ts';
import { withDeadline } from './with-deadline.ts';

export interface RedisRateLimiterOptions {
  /** Best its own connection with {@link limiterRedisOptions}. The caller closes it. */
  readonly redis: Redis;
  /** Decides while Redis is lost; see {@link MemoryRateLimiter}. Not closed by this limiter. */
  readonly fallback: RateLimiter;
  /** How many gateway processes share the limits now; at least 1. */
  readonly instances: () => number;
  readonly clock: Clock;
  /** How long a request may wait for Redis; 50 ms where it is left out. */
  readonly deadlineMs?: number;
  /** How long a hold lives without being renewed; 60 s where it is left out. Renew at a third of it. */
  readonly leaseMs?: number;
  /** True: decisions are local from now on. False: Redis decides again. */
  readonly onDegraded?: (degraded: boolean) => void;
  /** Every failure of Redis, also a single one that degrades nothing. */
  readonly onError?: (error: unknown) => void;
  /** A charge of this unit was admitted without Redis: called for each charge of a request. */
  readonly onDegradedAdmission?: (unit: LimitUnit) => void;
  /** A budget's ledger is not complete in Redis, which has lost its data: told at most every two seconds. */
  readonly onUnseeded?: () => void;
  /** False: nothing is debited beforehand, so budgets have nothing to spend while Redis is lost. True where it is left out. */
  readonly pledges?: boolean;
  /** 0 ≤ random < 1; spreads the probes of many processes. */
  readonly random?: () => number;
}

const FAILURES_TO_OPEN = 5;
const MAX_INDEBTED_LIMITS = 50_000;
const MAX_PLEDGED_LEDGERS = 1_000;
/** More than a process can work on at once. */
const MAX_OPEN_RESERVATIONS = 200_000;
const RESTORED_AT_ONCE = 100;
const UNSEEDED_EVERY_MS = 2_000;
/** Off a request's path there is time. */
const BACKGROUND_DEADLINE_MS = 1_000;

/**
 * Limits that hold across all gateways: one script takes every charge of a request or none, in one round trip.
 *
 * Redis lost (no answer in time, refused, read-only, out of memory, busy): each limit goes by its `onUnavailable`. `local`:
 * rates, concurrency and ledgers of requests and tokens are decided by the fallback with this process' share; money is spent
 * from what this process has debited beforehand (see {@link PledgeBook}), and denied, marked `unavailable`, when that is gone.
 * `deny` denies likewise; `allow` admits. What was let through meanwhile, and settlements that could not be sent, are told to
 * Redis when it is back. A budget whose ledger Redis lost is treated so until it is written back, and what requests still hold
 * then is held again (see {@link restore}). A reservation whose answer is lost with the connection is withdrawn, also when Redis
 * makes it only later; rates that no ledger stands beside keep its charge until it has drained.
 *
 * Two bounds hold: a ledger of requests or tokens may be exceeded by up to its own maximum during an outage, since the fallback
 * cannot know what was spent before; and concurrency by what was admitted locally and still runs when Redis is back. `local`
 * money is never exceeded.
 */
export class RedisRateLimiter implements RateLimiter {
  readonly #options: RedisRateLimiterOptions;
  readonly #calls: ScriptCalls;
  /** Calls that no request waits for. */
  readonly #backgroundCalls: ScriptCalls;
  /** Reservations are numbered; the prefix is this process' own. */
  readonly #idPrefix = randomUUID();
  #lastNumber = 0;
  readonly #leaseMs: number;
  readonly #breaker: CircuitBreaker;
  readonly #settlements: SettlementSender;
  readonly #debt = new LocalDebt(MAX_INDEBTED_LIMITS);
  readonly #pledges: PledgeBook;
  readonly #local: LocalAdmissions;
  readonly #open = new OpenReservations(MAX_OPEN_RESERVATIONS);
  readonly #onReady = (): void => this.#restoreSoon();
  #restoring: Promise<void> | undefined;
  #nextRestore: Promise<void> | undefined;
  #nextUnseededMs = -Infinity;

  constructor(options: RedisRateLimiterOptions) {
    this.#options = options;
    const { redis, clock, fallback, instances, deadlineMs = 50, pledges = true } = options;
    this.#calls = new ScriptCalls({ redis, deadlineMs });
    this.#backgroundCalls = new ScriptCalls({ redis, deadlineMs: BACKGROUND_DEADLINE_MS });
    this.#leaseMs = options.leaseMs ?? 60_000;
    this.#settlements = this.#settlementSender();
    this.#pledges = new PledgeBook({
      store: this.#pledgeStore(),
      clock,
      leaseMs: this.#leaseMs,
      maxLedgers: pledges ? MAX_PLEDGED_LEDGERS : 0,
    });
    this.#local = new LocalAdmissions({
      fallback,
      clock,
      instances,
      pledges: this.#pledges,
      debt: this.#debt,
      onAdmission: (unit) => options.onDegradedAdmission?.(unit),
    });
    this.#breaker = new CircuitBreaker({
      threshold: FAILURES_TO_OPEN,
      probe: () => this.#probe(),
      onChange: (open) => this.#changed(open),
      random: options.random ?? Math.random,
    });
    redis.on('ready', this.#onReady);
  }

  get degraded(): boolean {
    return this.#breaker.open;
  }

  /** Settlements and debts that were lost for want of space during an outage; should stay 0. */
  get lost(): number {
    return this.#settlements.lost + this.#debt.lost;
  }

  async reserve(charges: readonly LimitCharge[]): Promise<LimitDecision> {
    if (charges.length === 0) {
      return { allowed: true, reservation: { id: this.#nextId(), charges, local: false }, statuses: [] };
    }
    const organizationId = organizationOf(charges);
    if (this.#usable()) {
      try {
        const decision = await this.#decideInRedis(organizationId, charges);
        if (decision) return decision;
        this.#noteUnseeded(charges);
      } catch (error) {
        this.#failed(error);
      }
    }
    return this.#local.reserve(charges);
  }

  async settle(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void> {
    this.#open.delete(reservation);
    if (!reservation.local) return this.#settleInRedis(reservation, actual);
    await this.#local.settle(reservation, actual);
    if (!this.#breaker.open) void this.#settlements.report();
  }

  async renew(reservation: Reservation): Promise<void> {
    if (reservation.local) return this.#options.fallback.renew(reservation);
    if (!this.#usable()) return;
    try {
      await this.#renewInRedis(this.#calls, reservation);
      this.#succeeded();
    } catch (error) {
      this.#failed(error);
    }
  }

  /**
   * Renews all that this process holds in Redis, in batches, so that a Redis that has lost its data holds it again: the
   * reservations that are not settled, and the pledges. What Redis had granted before the call is among it. Rejects when it
   * could not be done wholly, and may be called again; calls that come meanwhile share one more run.
   */
  restore(): Promise<void> {
    this.#nextRestore ??= (this.#restoring ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#restoring = this.#nextRestore;
        this.#nextRestore = undefined;
        return this.#restoreAll();
      });
    return this.#nextRestore;
  }

  /**
   * A worker writes ledgers back: what is settled of budgets from now on is told to Redis after {@link releaseSettlements}. The
   * usage events of the same requests have to be held back in the same turn of the event loop.
   */
  holdSettlements(): void {
    this.#settlements.hold();
  }

  releaseSettlements(): void {
    this.#settlements.release();
  }

  /** Rejects unless Redis knows of all settlements of budgets that came before {@link holdSettlements}; may be called again. */
  settlementsTold(): Promise<void> {
    return this.#settlements.caughtUp();
  }

  /** Gives pledges back and sends what still waits if Redis can be reached; then nothing more is sent. */
  async close(): Promise<void> {
    this.#options.redis.off('ready', this.#onReady);
    this.#settlements.release();
    await this.#pledges.close();
    await this.#settlements.close();
    this.#breaker.stop();
  }

  /** An offline queue would make requests wait, and would take charges later for requests that are long over. */
  #usable(): boolean {
    if (this.#breaker.open) return false;
    const { status } = this.#options.redis;
    if (status === 'ready' || status === 'wait') return true;
    this.#failed(new Error(`the connection to Redis is ${status}`));
    return false;
  }

  /** Undefined when Redis does not know a budget; a pledge of this process that is in the way is given back first. */
  async #decideInRedis(organizationId: string, charges: readonly LimitCharge[]): Promise<LimitDecision | undefined> {
    const decision = await this.#ask(organizationId, charges);
    if (!decision || decision.allowed || decision.retryAfterMs === null) return decision;
    const room = await this.#pledges.makeRoom(charges, decision.statuses, this.#options.clock.now());
    return room ? this.#ask(organizationId, charges) : decision;
  }

  async #ask(organizationId: string, charges: readonly LimitCharge[]): Promise<LimitDecision | undefined> {
    const hold = this.#holdOf(this.#nextId(), organizationId, charges);
    const reservation = new OpenReservation({ id: hold.id, charges, reservedAtMs: hold.nowMs });
    const reply = await reserveInRedis(this.#calls, hold, (late) => this.#giveBackLate(reservation, late));
    this.#succeeded();
    if (reply[0] === UNSEEDED) return undefined;
    const decision = readDecision(reservation, reply);
    if (decision.allowed) this.#open.add(reservation);
    this.#pledges.noteUse(decision.statuses, hold.nowMs);
    return decision;
  }

  #holdOf(id: string, organizationId: string, charges: readonly LimitCharge[]): Hold {
    return { id, organizationId, charges, leaseMs: this.#leaseMs, nowMs: this.#options.clock.now() };
  }

  async #renewInRedis(
    calls: ScriptCalls,
    { id, charges: all, reservedAtMs }: Pick<Reservation, 'id' | 'charges' | 'reservedAtMs'>,
  ): Promise<boolean> {
    const charges = all.filter(({ applicable }) => limitKind(applicable.limit) !== 'rate');
    if (charges.length === 0) return true;
    return renewInRedis(calls, { ...this.#holdOf(id, organizationOf(charges), charges), reservedAtMs });
  }

  async #restoreAll(): Promise<void> {
    const { redis } = this.#options;
    if (!this.#reachable()) throw new Error('Redis cannot be told what is held');
    // Answers come in the order of the questions: with this one, all that was granted before has become known.
    await withDeadline(redis.exists(redisNames.limiterProbe), BACKGROUND_DEADLINE_MS);
    await turnEnd();
    const held = this.#open.list();
    for (let first = 0; first < held.length; first += RESTORED_AT_ONCE) {
      const batch = held.slice(first, first + RESTORED_AT_ONCE).filter((one) => this.#open.has(one));
      await Promise.all(batch.map((one) => this.#renewInRedis(this.#backgroundCalls, one)));
    }
    await this.#pledges.restore();
  }

  #restoreSoon(): void {
    if (!this.#breaker.open) this.restore().catch((error: unknown) => this.#options.onError?.(error));
  }

  #noteUnseeded(charges: readonly LimitCharge[]): void {
    const nowMs = this.#options.clock.now();
    this.#pledges.noteUnknown(charges, nowMs);
    if (nowMs < this.#nextUnseededMs) return;
    this.#nextUnseededMs = nowMs + UNSEEDED_EVERY_MS;
    this.#restoreSoon();
    this.#options.onUnseeded?.();
  }

  #pledgeStore(): PledgeStore {
    return {
      usable: () => this.#reachable(),
      take: (id, charge) => this.#takePledge(id, charge),
      renew: (id, charge, takenAtMs) =>
        this.#renewInRedis(this.#backgroundCalls, { id, charges: [charge], reservedAtMs: takenAtMs }),
      settle: (id, charge, spent) => this.#settleInRedis({ id, charges: [charge], local: false }, () => spent),
    };
  }

  /** An answer that does not come leaves open whether Redis gave it, so it is withdrawn. */
  async #takePledge(id: string, charge: LimitCharge): ReturnType<PledgeStore['take']> {
    const reservation = { id, charges: [charge], local: false };
    const hold = this.#holdOf(id, charge.applicable.organizationId, reservation.charges);
    try {
      const reply = await reserveInRedis(this.#backgroundCalls, hold, () => undefined);
      if (reply[0] === UNSEEDED) return undefined;
      const { allowed, statuses } = readDecision(reservation, reply);
      return statuses[0] && { taken: allowed, status: statuses[0] };
    } catch (error) {
      this.#options.onError?.(error);
      this.#withdraw(reservation);
      return undefined;
    }
  }

  #nextId(): string {
    this.#lastNumber += 1;
    return `${this.#idPrefix}-${this.#lastNumber}`;
  }

  /** The request was decided without the reservation: it is given back if it was made, or may have been. */
  #giveBackLate(reservation: Reservation, reply: readonly number[] | undefined): void {
    if (!reply) this.#withdraw(reservation);
    else if (reply[0] === 1) void this.settle(reservation, () => 0);
  }

  /** Of rates alone nothing tells whether they were charged; what they were charged for nothing drains by itself. */
  #withdraw(reservation: Reservation): void {
    const charges = reservation.charges.map((charge) => ({ ...charge, actual: 0 }));
    if (charges.every(({ applicable }) => limitKind(applicable.limit) === 'rate')) return;
    this.#settlements.sendLater({ ...settlementOf(reservation, charges), withdrawn: true });
  }

  async #settleInRedis(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void> {
    const charges = reservation.charges
      .map((charge) => ({ ...charge, actual: settledAmount(charge, actual) }))
      .filter((charge) => charge.actual !== charge.amount || limitKind(charge.applicable.limit) !== 'rate');
    if (charges.length > 0) await this.#settlements.send(settlementOf(reservation, charges));
  }

  #settlementSender(): SettlementSender {
    return new SettlementSender({
      send: (settlement, hurried) =>
        settleInRedis(hurried ? this.#calls : this.#backgroundCalls, settlement, this.#options.clock.now()),
      usable: () => this.#usable(),
      reachable: () => this.#reachable(),
      takeDebts: () => this.#debt.take(this.#now()),
      succeeded: () => this.#succeeded(),
      failed: (error) => this.#failed(error),
    });
  }

  #reachable(): boolean {
    return !this.#breaker.open && this.#options.redis.status === 'ready';
  }

  #now(): { nowMs: number; instances: number } {
    return { nowMs: this.#options.clock.now(), instances: Math.max(1, this.#options.instances()) };
  }

  async #probe(): Promise<void> {
    const { redis } = this.#options;
    if (redis.status !== 'ready') throw new Error(`the connection to Redis is ${redis.status}`);
    // A write: a replica or a full server answers reads but takes no charges.
    await withDeadline(redis.set(redisNames.limiterProbe, '1', 'PX', BACKGROUND_DEADLINE_MS), BACKGROUND_DEADLINE_MS);
  }

  #changed(open: boolean): void {
    this.#options.onDegraded?.(open);
    if (open) return;
    this.#restoreSoon();
    void this.#pledges.report();
    void this.#settlements.report();
  }

  #succeeded(): void {
    this.#breaker.succeeded();
    this.#settlements.wake();
  }

  #failed(error: unknown): void {
    this.#options.onError?.(error);
    this.#breaker.failed();
  }
}

function settlementOf({ id, charges: [first] }: Reservation, charges: readonly ScriptCharge[]): Settlement {
  return { reservationId: id, organizationId: first?.applicable.organizationId ?? '', charges };
}
