import type { TokenUsage } from './turn/turn.ts';
import type { VendorName } from './vendor.ts';
import type { Violation } from './violation.ts';

/** What the vendors know of one request. */
export interface VendorLedgerEntry {
  readonly id: number;
  readonly vendor: VendorName;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Values of headers that carry credentials are replaced by their length. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when it was not JSON. */
  readonly body: unknown;
  model: string | null;
  /** `sim-tools`; null when the request came to no model. */
  scenario: string | null;
  violations: readonly Violation[];
  /** 0: no answer was begun. */
  status: number;
  streamed: boolean;
  /** Whether the answer was sent to its proper end. */
  finished: boolean;
  /** The caller left first. */
  aborted: boolean;
  /** The tokens that the answer took, whatever was reported; null when nothing was generated. */
  usage: TokenUsage | null;
}

/** A violation and the request that it was found in. */
export interface LedgerViolation extends Violation {
  readonly requestId: number;
  readonly vendor: VendorName;
  readonly model: string | null;
}

const MAX_ENTRIES = 5000;

/** A bounded record of what all simulated vendors received, the oldest first. */
export class VendorLedger {
  #entries: VendorLedgerEntry[] = [];
  #nextId = 1;

  get entries(): readonly VendorLedgerEntry[] {
    return this.#entries;
  }

  /** All violations of all requests: empty when every request was what its vendor takes. */
  get violations(): readonly LedgerViolation[] {
    return this.#entries.flatMap(({ id, vendor, model, violations }) =>
      violations.map((violation) => ({ requestId: id, vendor, model, ...violation })),
    );
  }

  /** The newest request, of one vendor or of all. */
  last(vendor?: VendorName): VendorLedgerEntry | undefined {
    return this.#entries.findLast((entry) => vendor === undefined || entry.vendor === vendor);
  }

  open(
    received: Pick<VendorLedgerEntry, 'vendor' | 'method' | 'path' | 'query' | 'headers' | 'body'>,
  ): VendorLedgerEntry {
    const entry: VendorLedgerEntry = {
      id: this.#nextId,
      ...received,
      model: null,
      scenario: null,
      violations: [],
      status: 0,
      streamed: false,
      finished: false,
      aborted: false,
      usage: null,
    };
    this.#nextId += 1;
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    return entry;
  }

  reset(): void {
    this.#entries = [];
  }
}
