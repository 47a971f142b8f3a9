/** What the gateway answers a worker that writes ledgers back; see the heartbeat's `ledgerReseed`. */
export interface ReseedAnswer {
  readonly token: string;
  /** Epoch ms, as {@link steadyNow} gives it. */
  readonly heardAtMs: number;
}

export interface LedgerReseedAnswerOptions {
  /** Holds again in Redis all that this process holds; rejects when that could not be done. */
  readonly restore: () => Promise<void>;
  /** The answer has changed. */
  readonly onAnswer: () => void;
  readonly onFault: (error: unknown) => void;
  /** Epoch ms by a clock that never goes back. */
  readonly now: () => number;
}

/**
 * Answers attempts to write ledgers back: when this process first heard of one, as soon as Redis holds again what requests and
 * pledges hold. What fails is tried again when it is heard of again.
 */
export class LedgerReseedAnswer {
  readonly #options: LedgerReseedAnswerOptions;
  #answer: ReseedAnswer | null = null;
  #heard: ReseedAnswer | null = null;
  #restoring = false;

  constructor(options: LedgerReseedAnswerOptions) {
    this.#options = options;
  }

  get answer(): ReseedAnswer | null {
    return this.#answer;
  }

  /** Returns at once. */
  hear(token: string): void {
    if (this.#heard?.token !== token) this.#heard = { token, heardAtMs: this.#options.now() };
    if (this.#restoring || this.#answer?.token === token) return;
    this.#restoring = true;
    void this.#restore(this.#heard);
  }

  async #restore(heard: ReseedAnswer): Promise<void> {
    try {
      await this.#options.restore();
      this.#answer = heard;
      this.#options.onAnswer();
    } catch (error) {
      this.#options.onFault(error);
    } finally {
      this.#restoring = false;
    }
  }
}
