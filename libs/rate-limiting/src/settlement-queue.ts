import type { ScriptCharge } from './script-charges.ts';

/** A settlement that Redis has yet to hear of; sending it twice counts once. */
export interface Settlement {
  readonly reservationId: string;
  readonly organizationId: string;
  readonly charges: readonly ScriptCharge[];
  /** Nobody knows whether the reservation was made: it is taken back if it was, and must not be made any more. */
  readonly withdrawn?: boolean;
}

const AT_ONCE = 32;

/** Settlements that wait until Redis can be reached again: at most `limit` of them, then the oldest is lost and counted. */
export class SettlementQueue {
  readonly #limit: number;
  #waiting: Settlement[] = [];
  #lost = 0;
  #draining = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Some are on their way now. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Settlements lost for want of space. A ledger has then counted the whole estimate; a rate has kept it. */
  get lost(): number {
    return this.#lost;
  }

  add(...settlements: readonly Settlement[]): void {
    this.#waiting.push(...settlements);
    const excess = this.#waiting.length - this.#limit;
    if (excess <= 0) return;
    this.#waiting = this.#waiting.slice(excess);
    this.#lost += excess;
  }

  /** Hands over what waits, and forgets it. */
  takeAll(): readonly Settlement[] {
    return this.#waiting.splice(0);
  }

  has(wanted: (settlement: Settlement) => boolean): boolean {
    return this.#waiting.some(wanted);
  }

  /** Sends what waits, oldest first; what cannot be sent waits on, and the error is thrown. */
  async drain(send: (settlement: Settlement) => Promise<unknown>): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    try {
      while (this.#waiting.length > 0) await this.#drainSome(send);
    } finally {
      this.#draining = false;
    }
  }

  async #drainSome(send: (settlement: Settlement) => Promise<unknown>): Promise<void> {
    const batch = this.#waiting.splice(0, AT_ONCE);
    const results = await Promise.allSettled(batch.map(send));
    const failed = batch.filter((_, index) => results[index]?.status === 'rejected');
    this.#waiting.unshift(...failed);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }
}
