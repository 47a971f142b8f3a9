/** One call as the caller saw it. Times are epoch ms. */
export interface CallRecord {
  readonly requestId: string;
  readonly invokedAt: number;
  /** Null: the caller never saw an end. */
  readonly endedAt: number | null;
  /**
   * `answered`: a whole answer. `denied`: 429. `unavailable`: 503 since a limit could not be checked. `failed`: another error
   * or a broken stream. `left`: the caller closed the connection. `cut`: the gateway's end of the connection was lost.
   */
  readonly outcome: 'answered' | 'denied' | 'unavailable' | 'failed' | 'left' | 'cut';
  /** Tokens that the answer reported to the caller. */
  readonly reported: Tokens | null;
  /** The most tokens that it may use: what a limit with a hard estimate holds. */
  readonly bound: Tokens;
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** One call as the upstream received it: the truth. */
export interface UpstreamCall {
  readonly requestId: string;
  /** Epoch ms, never early. */
  readonly arrivedAt: number;
  readonly tokens: Tokens;
}

/** What Redis held at one moment. */
export interface LedgerSample {
  readonly ledger: string;
  /** Epoch ms. */
  readonly at: number;
  readonly spent: number;
  readonly reserved: number;
  /** Debited for the time when Redis is lost. */
  readonly pledged: number;
  readonly max: number;
}

/** A usage event as it lies in Postgres. */
export interface StoredEvent {
  readonly id: string;
  readonly requestId: string;
  readonly source: 'reported' | 'estimated' | 'presumed' | 'none';
  readonly tokens: Tokens;
  readonly costMicroUsd: number | null;
}

/** Micro-USD for a token. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Something that must not have happened. */
export interface Violation {
  readonly rule:
    | 'overspend'
    | 'held-for-ever'
    | 'ledger-above-truth'
    | 'ledger-below-truth'
    | 'ledger-above-holds'
    | 'lost-event'
    | 'double-count'
    | 'answer-without-event'
    | 'event-without-call'
    | 'wrong-tokens'
    | 'wrong-cost'
    | 'wrong-sums'
    | 'rate-exceeded'
    | 'phantom-block';
  /** For a human. */
  readonly detail: string;
}

/** What tokens cost, in whole micro-USD: prices of a test are whole numbers, so nothing is rounded. */
export function costOfTokens(tokens: Tokens, price: Price): number {
  return tokens.input * price.input + tokens.output * price.output;
}
