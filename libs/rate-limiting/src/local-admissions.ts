import type { LimitUnit } from '@penstock/contracts';
import type { Clock } from './clock.ts';
import type { LocalDebt } from './local-debt.ts';
import { lostRedisPolicy } from './lost-redis-policy.ts';
import type { Pledge } from './pledge.ts';
import type { PledgeBook } from './pledge-book.ts';
import type { LimitCharge, LimitDecision, RateLimiter, Reservation } from './rate-limiter.ts';
import { settledAmount } from './settled-amount.ts';
import { limitUnavailable } from './unavailable-limit.ts';

export interface LocalAdmissionsOptions {
  /** Decides by this process' share. */
  readonly fallback: RateLimiter;
  readonly pledges: PledgeBook;
  /** What Redis has to be told later. */
  readonly debt: LocalDebt;
  readonly clock: Clock;
  readonly instances: () => number;
  /** A charge of this unit was admitted. */
  readonly onAdmission: (unit: LimitUnit) => void;
}

interface Held {
  readonly charge: LimitCharge;
  readonly pledge: Pledge;
}

/** What this process decides without Redis: each limit as its `onUnavailable` says. */
export class LocalAdmissions {
  readonly #options: LocalAdmissionsOptions;
  /** What is held of pledges by the reservations of the fallback that are not settled yet. */
  readonly #open = new Map<string, readonly Held[]>();

  constructor(options: LocalAdmissionsOptions) {
    this.#options = options;
  }

  /** Takes every charge or none. */
  async reserve(charges: readonly LimitCharge[]): Promise<LimitDecision> {
    const nowMs = this.#options.clock.now();
    const refused = charges.find(({ applicable }) => lostRedisPolicy(applicable.limit) === 'deny');
    if (refused) return limitUnavailable(refused, nowMs);
    const held = this.#holdPledges(charges, nowMs);
    if (!Array.isArray(held)) return limitUnavailable(held.lacking, nowMs);
    const shared = charges.filter(({ applicable }) => lostRedisPolicy(applicable.limit) === 'share');
    const decision = await this.#options.fallback.reserve(shared);
    if (!decision.allowed) {
      this.#release(held, nowMs);
      return decision;
    }
    const { id } = decision.reservation;
    this.#open.set(id, held);
    for (const { applicable } of charges) this.#options.onAdmission(applicable.limit.unit);
    return { ...decision, reservation: { id, charges, local: true } };
  }

  /** What was used is spent of the pledges, and owed to Redis else. The second call for a reservation does nothing. */
  async settle(reservation: Reservation, actual: (charge: LimitCharge) => number): Promise<void> {
    const held = this.#open.get(reservation.id);
    if (!held || !this.#open.delete(reservation.id)) return;
    await this.#options.fallback.settle(reservation, actual);
    const now = { nowMs: this.#options.clock.now(), instances: Math.max(1, this.#options.instances()) };
    for (const charge of reservation.charges) {
      const used = settledAmount(charge, actual);
      const pledge = held.find((one) => one.charge === charge)?.pledge;
      const told = pledge && this.#options.pledges.settle(pledge, charge.amount, used, now.nowMs);
      if (!told) this.#options.debt.add(charge.applicable, used, now);
    }
  }

  #holdPledges(charges: readonly LimitCharge[], nowMs: number): Held[] | { readonly lacking: LimitCharge } {
    const held: Held[] = [];
    for (const charge of charges) {
      if (lostRedisPolicy(charge.applicable.limit) !== 'pledge') continue;
      const pledge = this.#options.pledges.hold(charge, nowMs);
      if (!pledge) {
        this.#release(held, nowMs);
        return { lacking: charge };
      }
      held.push({ charge, pledge });
    }
    return held;
  }

  #release(held: readonly Held[], nowMs: number): void {
    for (const { charge, pledge } of held) this.#options.pledges.settle(pledge, charge.amount, 0, nowMs);
  }
}
