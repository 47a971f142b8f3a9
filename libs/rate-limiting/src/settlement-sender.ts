import { isGuardedBudget } from './charge-plan.ts';
import { SettlementQueue, type Settlement } from './settlement-queue.ts';

export interface SettlementSenderOptions {
  /** Tells Redis of one; `hurried` when a request has just ended. Rejects when it could not be told in time. */
  readonly send: (settlement: Settlement, hurried: boolean) => Promise<unknown>;
  /** Whether Redis may be asked by a request that has just ended; a failure is counted where not. */
  readonly usable: () => boolean;
  /** The same without counting anything. */
  readonly reachable: () => boolean;
  /** What was let through without Redis and has not been told yet; forgotten then. */
  readonly takeDebts: () => readonly Settlement[];
  readonly succeeded: () => void;
  readonly failed: (error: unknown) => void;
}

const MAX_SETTLEMENTS = 50_000;
const RETRY_MS = 1_000;

/**
 * Brings settlements to Redis: at once, or, when it cannot be reached, as soon as it can be again. Those of budgets can be
 * held back, so that a worker that writes ledgers back sees each request either in the ledger or in the usage events.
 */
export class SettlementSender {
  readonly #options: SettlementSenderOptions;
  readonly #waiting = new SettlementQueue(MAX_SETTLEMENTS);
  readonly #held = new SettlementQueue(MAX_SETTLEMENTS);
  #holding = false;
  #budgetsUnderWay = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SettlementSenderOptions) {
    this.#options = options;
  }

  /** Those that were lost for want of space. */
  get lost(): number {
    return this.#waiting.lost + this.#held.lost;
  }

  /** Never rejects. */
  async send(settlement: Settlement): Promise<void> {
    if (this.#mustWait(settlement) || !this.#options.usable()) {
      this.sendLater(settlement);
      return;
    }
    try {
      await this.#tell(settlement, true);
      this.#options.succeeded();
    } catch (error) {
      this.sendLater(settlement);
      this.#options.failed(error);
    }
  }

  sendLater(settlement: Settlement): void {
    this.#queueOf(settlement).add(settlement);
    this.#retrySoon();
  }

  /** Redis answers: whatever waits is told. Never rejects. */
  wake(): void {
    if (this.#waiting.size > 0) void this.report();
  }

  /** Tells Redis what it does not know yet, apart from what is held back. Never rejects. */
  async report(): Promise<void> {
    if (!this.#options.reachable()) return;
    for (const debt of this.#options.takeDebts()) this.#queueOf(debt).add(debt);
    try {
      await this.#waiting.drain((settlement) => this.#tell(settlement, false));
    } catch (error) {
      this.#options.failed(error);
    }
  }

  /** Settlements of budgets that come from now on wait until {@link release}; those that were held back before wait no longer. */
  hold(): void {
    this.#waiting.add(...this.#held.takeAll());
    this.#holding = true;
    this.#retrySoon();
  }

  release(): void {
    this.#holding = false;
    this.#waiting.add(...this.#held.takeAll());
    if (this.#waiting.size === 0) return;
    this.#retrySoon();
    void this.report();
  }

  /** Resolves when Redis knows of all settlements of budgets that came before {@link hold}; rejects when it does not yet. */
  async caughtUp(): Promise<void> {
    await this.report();
    const open = this.#budgetsUnderWay > 0 || this.#waiting.draining || this.#waiting.has(isOfBudget);
    if (open) throw new Error('Redis does not know of all settlements yet');
  }

  /** Tells what still waits if Redis can be reached; then nothing more is sent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.release();
    await this.report();
    clearTimeout(this.#retry);
  }

  #mustWait(settlement: Settlement): boolean {
    return this.#holding && isOfBudget(settlement);
  }

  #queueOf(settlement: Settlement): SettlementQueue {
    return this.#mustWait(settlement) ? this.#held : this.#waiting;
  }

  async #tell(settlement: Settlement, hurried: boolean): Promise<void> {
    const counts = isOfBudget(settlement) ? 1 : 0;
    this.#budgetsUnderWay += counts;
    try {
      await this.#options.send(settlement, hurried);
    } finally {
      this.#budgetsUnderWay -= counts;
    }
  }

  /** Again and again until all is told: there may be no request whose success would show that Redis is back. */
  #retrySoon(): void {
    if (this.#closed) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      void this.report().then(() => this.#waiting.size > 0 && this.#retrySoon());
    }, RETRY_MS).unref();
  }
}

/** What is withdrawn was never used: it is in no usage event. */
function isOfBudget({ charges, withdrawn }: Settlement): boolean {
  return withdrawn !== true && charges.some(({ applicable }) => isGuardedBudget(applicable));
}
