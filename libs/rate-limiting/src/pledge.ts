import type { ApplicableLimit } from './rate-limiter.ts';

/** Redis gives at most this part of what is left of a ledger, and at most one USD (in micro-USD). */
const PART = 100;
const MOST = 1_000_000;

/** How much to ask for when so much is left; 0: nothing. */
export function pledgeAmount(remaining: number): number {
  return Math.min(MOST, Math.floor(remaining / PART));
}

/** An amount that a ledger of money in Redis counts as gone, so that this process may spend it when Redis is lost. */
export class Pledge {
  readonly id: string;
  readonly applicable: ApplicableLimit;
  readonly amount: number;
  readonly takenAtMs: number;
  /** In the next window, or slice, it would be spent without being counted there. */
  readonly untilMs: number;
  #holds = 0;
  #held = 0;
  #spent = 0;
  #told = 0;

  constructor(given: Pick<Pledge, 'id' | 'applicable' | 'amount' | 'takenAtMs' | 'untilMs'>) {
    this.id = given.id;
    this.applicable = given.applicable;
    this.amount = given.amount;
    this.takenAtMs = given.takenAtMs;
    this.untilMs = given.untilMs;
  }

  /** What was really used of it; more than the amount where a soft estimate was too low. */
  get spent(): number {
    return this.#spent;
  }

  /** What Redis has to be told when it gets the pledge back. */
  get owed(): number {
    return this.#spent - this.#told;
  }

  /** Whether requests that hold some of it still run. */
  get busy(): boolean {
    return this.#holds > 0;
  }

  /** Holds some of it for a request, if there is enough. */
  hold(amount: number, nowMs: number): boolean {
    if (nowMs >= this.untilMs || this.#spent + this.#held + amount > this.amount) return false;
    this.#holds += 1;
    this.#held += amount;
    return true;
  }

  /** The end of what {@link hold} allowed; `told`: Redis is told of it apart from the pledge. */
  settle(amount: number, actual: number, told: boolean): void {
    this.#holds -= 1;
    this.#held -= amount;
    this.#spent += actual;
    if (told) this.#told += actual;
  }
}
