import { randomUUID } from 'node:crypto';
import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { Clock } from './clock.ts';
import { limitKind } from './limit-kind.ts';
import { LocalDebt } from './local-debt.ts';
import type { LimitCharge, LimitDecision, RateLimiter, Reservation } from './rate-limiter.ts';
import { readDecision } from './read-decision.ts';
import { renewInRedis, reserveInRedis, settleInRedis } from './redis-charges.ts';
import { ScriptCalls } from './script-calls.ts';
import { organizationOf } from './script-charges.ts';
import { settledAmount } from './settled-amount.ts';
import { SettlementQueue, type Settlement } from './settlement-queue.ts';
import { budgetUnavailable, isBudget } from './unavailable-budget.ts';
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
  /** 0 ≤ random < 1; spreads the probes of many processes. */
  readonly random?: () => number;
}

const FAILURES_TO_OPEN = 5;
const MAX_SETTLEMENTS = 50_000;
const MAX_INDEBTED_LIMITS = 50_000;
/** Off a request's path there is time. */
const BACKGROUND_DEADLINE_MS = 1_000;
const RETRY_SETTLEMENTS_MS = 1_000;

/**
 * Limits that hold across all gateways: one script takes every charge of a request or none, in one round trip.
 *
 * Redis lost (no answer in time, refused, read-only, out of memory, busy): rates, concurrency and ledgers of requests and
 * tokens are decided by the fallback with this process' share; ledgers of money deny, marked `unavailable`. What was let
 * through meanwhile, and settlements that could not be sent, are told to Redis when it is back. Two bounds hold then: a
 * ledger of requests or tokens may be exceeded by up to its own maximum during an outage, since the fallback cannot know what
 * was spent before; and concurrency by what was admitted locally and still runs when Redis is back.
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
  readonly #settlements = new SettlementQueue(MAX_SETTLEMENTS);
  readonly #debt = new LocalDebt(MAX_INDEBTED_LIMITS);
  /** Reservations of the fallback that are not settled yet. */
  readonly #local = new Set<string>();
  #retry: NodeJS.Timeout | undefined;

  constructor(options: RedisRateLimiterOptions) {
    this.#options = options;
    const { redis, deadlineMs = 50 } = options;
    this.#calls = new ScriptCalls({ redis, deadlineMs });
    this.#backgroundCalls = new ScriptCalls({ redis, deadlineMs: BACKGROUND_DEADLINE_MS });
    this.#leaseMs = options.leaseMs ?? 60_000;
    this.#breaker = new CircuitBreaker({
      threshold: FAILURES_TO_OPEN,
      probe: () => this.#probe(),
      onChange: (open) => this.#changed(open),
      random: options.random ?? Math.random,
    });
  }

  get degraded(): boolean {
    return this.#breaker.open;
  }

  /** Settlements and debts that were lost for want of space during an outage; should stay 0. */
  get lost(): number {
    return this.#settlements.lost + this.#debt.lost;
  }

  async reserve(charges: readonly LimitCharge[]): Promise<LimitDecision> {
    const id = this.#nextId();
    if (charges.length === 0) return { allowed: true, reservation: { id, charges, local: false }, statuses: [] };
    const organizationId = organizationOf(charges);
    if (this.#usable()) {
      const reservation = { id, charges, local: false };
      try {
        const reply = await reserveInRedis(
          this.#calls,
          { id, organizationId, charges, leaseMs: this.#leaseMs },
          ([allowed]) => this.#giveBackLate(reservation, allowed),
        );
        this.#succeeded();
        return readDecision(reservation, reply);
      } catch (error) {
        this.#failed(error);
      }
    }
    return this.#reserveLocally(charges);
  }

  async settle(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void> {
    if (reservation.local) await this.#settleLocally(reservation, actual);
    else await this.#settleInRedis(reservation, actual);
  }

  async renew(reservation: Reservation): Promise<void> {
    if (reservation.local) return this.#options.fallback.renew(reservation);
    const leased = reservation.charges.filter(({ applicable }) => limitKind(applicable.limit) !== 'rate');
    if (leased.length === 0 || !this.#usable()) return;
    try {
      await renewInRedis(this.#calls, { id: reservation.id, charges: leased, leaseMs: this.#leaseMs });
      this.#succeeded();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Sends what still waits if Redis can be reached; then nothing more is sent. */
  async close(): Promise<void> {
    await this.#report();
    this.#breaker.stop();
    clearTimeout(this.#retry);
  }

  /** An offline queue would make requests wait, and would take charges later for requests that are long over. */
  #usable(): boolean {
    if (this.#breaker.open) return false;
    const { status } = this.#options.redis;
    if (status === 'ready' || status === 'wait') return true;
    this.#failed(new Error(`the connection to Redis is ${status}`));
    return false;
  }

  async #reserveLocally(charges: readonly LimitCharge[]): Promise<LimitDecision> {
    const budget = charges.find(({ applicable: { limit } }) => isBudget(limit) && limit.mode === 'enforce');
    if (budget) return budgetUnavailable(budget.applicable, this.#options.clock.now());
    const decision = await this.#options.fallback.reserve(
      charges.filter(({ applicable }) => !isBudget(applicable.limit)),
    );
    if (!decision.allowed) return decision;
    const { id } = decision.reservation;
    this.#local.add(id);
    // With the shadow budgets, whose spending Redis is told later.
    return { ...decision, reservation: { id, charges, local: true } };
  }

  #nextId(): string {
    this.#lastNumber += 1;
    return `${this.#idPrefix}-${this.#lastNumber}`;
  }

  /** The reservation was made after all, for a request that was decided without it. */
  #giveBackLate(reservation: Reservation, allowed: number | undefined): void {
    if (allowed === 1) void this.settle(reservation, () => 0);
  }

  async #settleLocally(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void> {
    if (!this.#local.delete(reservation.id)) return;
    await this.#options.fallback.settle(reservation, actual);
    const now = this.#now();
    for (const charge of reservation.charges) this.#debt.add(charge.applicable, settledAmount(charge, actual), now);
    if (!this.#breaker.open) void this.#report();
  }

  async #settleInRedis(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void> {
    const charges = reservation.charges
      .map((charge) => ({ ...charge, actual: settledAmount(charge, actual) }))
      .filter((charge) => charge.actual !== charge.amount || limitKind(charge.applicable.limit) !== 'rate');
    if (charges.length === 0) return;
    const settlement = { reservationId: reservation.id, organizationId: organizationOf(charges), charges };
    if (!this.#usable()) {
      this.#sendLater(settlement);
      return;
    }
    try {
      await settleInRedis(this.#calls, settlement);
      this.#succeeded();
    } catch (error) {
      this.#sendLater(settlement);
      this.#failed(error);
    }
  }

  #sendLater(settlement: Settlement): void {
    this.#settlements.add(settlement);
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      void this.#report();
    }, RETRY_SETTLEMENTS_MS).unref();
  }

  /** Tells Redis what it does not know yet. Never rejects. */
  async #report(): Promise<void> {
    if (this.#breaker.open || this.#options.redis.status !== 'ready') return;
    this.#settlements.add(...this.#debt.take(this.#now()));
    try {
      await this.#settlements.drain((settlement) => settleInRedis(this.#backgroundCalls, settlement));
    } catch (error) {
      this.#failed(error);
    }
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
    if (!open) void this.#report();
  }

  #succeeded(): void {
    this.#breaker.succeeded();
    if (this.#settlements.size > 0) void this.#report();
  }

  #failed(error: unknown): void {
    this.#options.onError?.(error);
    this.#breaker.failed();
  }
}
