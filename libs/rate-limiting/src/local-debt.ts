import { randomUUID } from 'node:crypto';
import { GcraMeter, type Rate } from './gcra.ts';
import { limitKind, rateWindow } from './limit-kind.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import type { Settlement } from './settlement-queue.ts';
import { windowAt } from './window-at.ts';

interface Debt {
  readonly applicable: ApplicableLimit;
  readonly meter: GcraMeter;
  units: number;
  /** When the window ends in which the last of it was used. */
  windowEndMs: number;
}

const CHARGES_PER_SETTLEMENT = 50;

/**
 * What this process let through on its own account while Redis was lost, so that Redis can be told. A rate's debt drains
 * meanwhile with this process' part of the rate; a ledger's is dropped when its window has passed.
 */
export class LocalDebt {
  readonly #debts = new Map<string, Debt>();
  readonly #maxLimits: number;
  #lost = 0;

  /** Of more limits than `maxLimits` the rest is lost and counted. */
  constructor(maxLimits: number) {
    this.#maxLimits = maxLimits;
  }

  /** Charges that were not noted for want of space. */
  get lost(): number {
    return this.#lost;
  }

  /** `instances`: how many processes share the limit now. */
  add(applicable: ApplicableLimit, units: number, { nowMs, instances }: { nowMs: number; instances: number }): void {
    const kind = limitKind(applicable.limit);
    if (units === 0 || kind === 'concurrency') return;
    const debt = this.#debtOf(applicable);
    if (!debt) this.#lost += 1;
    else if (kind === 'rate') debt.meter.add(rateOf(applicable, instances), units, nowMs);
    else addToLedger(debt, units, nowMs);
  }

  /** Hands over what is still owed, and forgets it. */
  take({ nowMs, instances }: { nowMs: number; instances: number }): Settlement[] {
    const owed = [...this.#debts.values()].map((debt) => ({
      applicable: debt.applicable,
      amount: 0,
      actual: owedUnits(debt, nowMs, instances),
    }));
    this.#debts.clear();
    const settlements: Settlement[] = [];
    const byOrganization = Map.groupBy(
      owed.filter(({ actual }) => actual > 0),
      ({ applicable }) => applicable.organizationId,
    );
    for (const [organizationId, charges] of byOrganization) {
      for (let first = 0; first < charges.length; first += CHARGES_PER_SETTLEMENT) {
        const some = charges.slice(first, first + CHARGES_PER_SETTLEMENT);
        settlements.push({ reservationId: randomUUID(), organizationId, charges: some });
      }
    }
    return settlements;
  }

  #debtOf(applicable: ApplicableLimit): Debt | undefined {
    const key = `${applicable.organizationId}:${applicable.subject}:${applicable.id}`;
    const known = this.#debts.get(key);
    if (known || this.#debts.size >= this.#maxLimits) return known;
    const debt = { applicable, meter: new GcraMeter(), units: 0, windowEndMs: 0 };
    this.#debts.set(key, debt);
    return debt;
  }
}

function addToLedger(debt: Debt, units: number, nowMs: number): void {
  if (nowMs >= debt.windowEndMs) debt.units = 0;
  debt.windowEndMs = lastCountedMs(debt.applicable, nowMs);
  debt.units += units;
}

function owedUnits(debt: Debt, nowMs: number, instances: number): number {
  const { limit } = debt.applicable;
  if (limitKind(limit) === 'rate') return Math.round(debt.meter.outstanding(rateOf(debt.applicable, instances), nowMs));
  return nowMs >= debt.windowEndMs ? 0 : debt.units;
}

/** Until when a ledger counts what is used now. */
function lastCountedMs({ limit, timeZone = 'UTC' }: ApplicableLimit, nowMs: number): number {
  const { startMs, endMs } = windowAt(limit, timeZone, nowMs);
  return limit.alignment === 'rolling' ? endMs + (endMs - startMs) : endMs;
}

function rateOf({ limit }: ApplicableLimit, instances: number): Rate {
  return { window: rateWindow(limit), max: limit.max / instances, burst: limit.burst ?? limit.max };
}
