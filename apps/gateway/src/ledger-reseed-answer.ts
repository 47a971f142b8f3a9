import { ARRIVAL_PREFIX } from '@penstock/contracts';

/** What the gateway answers a worker that writes ledgers back; see the heartbeat's `ledgerReseed`. */
export interface ReseedAnswer {
  readonly token: string;
  /** Epoch ms, as {@link steadyNow} gives it. */
  readonly heardAtMs: number;
}

export interface LedgerReseedAnswerOptions {
  /**
   * Requests that end from now on are neither settled in Redis nor told to workers, until `release` or the next `hold`, so that
   * those that ended before are all that ledgers are written back from.
   */
  readonly hold: () => void;
  readonly release: () => void;
  /**
   * Holds again in Redis all that this process holds, and settles what ended before `hold`; rejects when that could not be done.
   */
  readonly restore: () => Promise<void>;
  /** The answer has changed. */
  readonly onAnswer: () => void;
  readonly onFault: (error: unknown) => void;
  /** Epoch ms by a clock that never goes back. */
  readonly now: () => number;
}

/**
 * Answers attempts to write ledgers back: when this process first heard of one, as soon as Redis holds again what requests and
 * pledges hold, and knows what ended before. What fails is tried again when it is heard of again.
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

  /** Null: there is none, or none any more. Returns at once. */
  hear(token: string | null): void {
    if (token === null) {
      if (this.#heard) this.#options.release();
      this.#heard = null;
      return;
    }
    this.#heard = this.#heard?.token === token ? this.#heard : this.#begin(token);
    if (this.#restoring || this.#answer?.token === token) return;
    this.#restoring = true;
    void this.#restore(this.#heard);
  }

  /** Gateways that have yet to come are waited for in the first attempt: nothing is read after that. */
  #begin(token: string): ReseedAnswer {
    if (token.startsWith(ARRIVAL_PREFIX)) this.#options.release();
    else this.#options.hold();
    return { token, heardAtMs: this.#options.now() };
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
