import type { LedgerEntry, SimulatedUpstream } from '@penstock/testing';
import type { UpstreamCall } from '../history/history.ts';

const EVERY_MS = 500;

/** All that an upstream ever did, also beyond what its bounded ledger remembers. */
export class Truth {
  readonly #entries = new Map<number, LedgerEntry>();
  readonly #upstream: SimulatedUpstream;
  readonly #timer: NodeJS.Timeout;

  constructor(upstream: SimulatedUpstream) {
    this.#upstream = upstream;
    this.#timer = setInterval(() => this.#collect(), EVERY_MS);
  }

  /** What is known when nothing runs there any more. */
  calls(): UpstreamCall[] {
    this.#collect();
    return [...this.#entries.values()].map((entry) => ({
      requestId: entry.headers['x-request-id'] ?? '',
      // Its clock gives whole milliseconds, rounded down.
      arrivedAt: entry.receivedAt + 1,
      tokens: { input: entry.inputTokens, output: entry.outputTokens },
    }));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #collect(): void {
    for (const entry of this.#upstream.ledger.entries) this.#entries.set(entry.id, entry);
  }
}
