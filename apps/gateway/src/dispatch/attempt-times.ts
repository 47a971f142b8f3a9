import type { AnswerEnd } from './relay.ts';

const NOTHING = { usage: null, outputTokensSeen: 0 } as const;

/** How long the attempts of one request wait and work, and what given up ones may have generated. In ms of the monotonic clock. */
export class AttemptTimes {
  /** When the attempt was sent that nothing has come of yet; 0: none. */
  #sentAt = 0;
  #workingSince = 0;
  #unseenMs: number | null = null;

  /** When the attempt was sent that may still be at work; 0: none. */
  get workingSince(): number {
    return this.#workingSince;
  }

  get workedMs(): number {
    return this.#workingSince === 0 ? 0 : performance.now() - this.#workingSince;
  }

  sent(): void {
    this.#sentAt = performance.now();
    this.#workingSince = this.#sentAt;
  }

  ended(): void {
    this.#workingSince = 0;
  }

  /** How long the attempt was waited for; 0 where that was taken already. */
  takeWait(): number {
    if (this.#sentAt === 0) return 0;
    const waitedMs = performance.now() - this.#sentAt;
    this.#sentAt = 0;
    return waitedMs;
  }

  /** The attempt is given up while its upstream may be at work: it may have generated what nobody will see. */
  countUnseen(): void {
    if (this.#workingSince > 0) this.#unseenMs = this.workedMs;
  }

  /** How long the last attempt may have generated what nobody saw; null: it did not, or that was taken already. */
  takeUnseen(): number | null {
    const unseenMs = this.#unseenMs;
    this.#unseenMs = null;
    return unseenMs;
  }

  /** What an end says of the last attempt that nobody saw an answer of. */
  get unseen(): Pick<AnswerEnd, 'usage' | 'outputTokensSeen' | 'spent' | 'unseenMs'> {
    return this.#unseenMs === null
      ? { ...NOTHING, spent: false }
      : { ...NOTHING, spent: true, unseenMs: this.#unseenMs };
  }
}
