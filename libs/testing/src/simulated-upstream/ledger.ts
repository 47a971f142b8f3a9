/** What the upstream knows of one request: the truth that a gateway's books are compared with. */
export interface LedgerEntry {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte, as base64. */
  readonly body: string;
  readonly model: string | null;
  readonly stream: boolean;
  inputTokens: number;
  /** Tokens generated, whether they were delivered or not. */
  outputTokens: number;
  status: number;
  finished: boolean;
  /** When the caller closed the connection before the end, epoch milliseconds. */
  abortedAt: number | null;
  /** Why the request does not fit the vendor's schema; null when it does. */
  violation: string | null;
}

export interface LedgerTotals {
  readonly requests: number;
  readonly finished: number;
  readonly aborted: number;
  readonly violations: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const MAX_ENTRIES = 10_000;

/** A bounded record of everything received: sums count all, entries only the newest. */
export class Ledger {
  #entries: LedgerEntry[] = [];
  #nextId = 1;
  #dropped: LedgerTotals = emptyTotals();

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  open(entry: Omit<LedgerEntry, 'id'>): LedgerEntry {
    const opened = { ...entry, id: this.#nextId };
    this.#nextId += 1;
    this.#entries.push(opened);
    if (this.#entries.length > MAX_ENTRIES) this.#drop();
    return opened;
  }

  totals(): LedgerTotals {
    return this.#entries.reduce(add, this.#dropped);
  }

  reset(): void {
    this.#entries = [];
    this.#dropped = emptyTotals();
  }

  #drop(): void {
    const dropped = this.#entries.shift();
    if (dropped) this.#dropped = add(this.#dropped, dropped);
  }
}

function emptyTotals(): LedgerTotals {
  return { requests: 0, finished: 0, aborted: 0, violations: 0, inputTokens: 0, outputTokens: 0 };
}

function add(totals: LedgerTotals, entry: LedgerEntry): LedgerTotals {
  return {
    requests: totals.requests + 1,
    finished: totals.finished + Number(entry.finished),
    aborted: totals.aborted + Number(entry.abortedAt !== null),
    violations: totals.violations + Number(entry.violation !== null),
    inputTokens: totals.inputTokens + entry.inputTokens,
    outputTokens: totals.outputTokens + entry.outputTokens,
  };
}
