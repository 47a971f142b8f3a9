import type { UsageEvent } from '@penstock/contracts';

/** Who, where and what of a request that was admitted; enough for an event if the process dies before the end. */
export type OpenUsage = Omit<
  UsageEvent,
  | 'outcome'
  | 'httpStatus'
  | 'errorCode'
  | 'usageSource'
  | 'costMicroUsd'
  | 'priceVersion'
  | 'firstTokenMs'
  | 'durationMs'
> & {
  /** What the estimate in `usage` would cost; unknown where it is left out. */
  readonly estimatedCostMicroUsd?: number | null;
  /** The price of that estimate. */
  readonly estimatedPriceVersion?: string | null;
};

/** A request that was opened, for `record` to close. */
export interface OpenedUsage {
  /** Where its open record lies; null while that is not written yet. */
  segment: { unfinished: number } | null;
}

/** Where usage goes. Never throws, never waits for a network. */
export interface UsageSink {
  /**
   * Writes the `open` record before the event loop takes its next turn; `usage` holds the estimate that a crash would
   * presume.
   */
  open(usage: OpenUsage): OpenedUsage;
  /**
   * Writes the final record, together with all others of this turn of the event loop, before the next one; then calls `written`.
   * From then on the event survives the death of the process: what ends the answer must not be released before. An event that
   * cannot be written is counted, and `written` is called all the same. `written` must not throw.
   */
  record(event: UsageEvent, opened?: OpenedUsage, written?: () => void): void;
  /** Resolves when everything recorded so far has left for the stream, or the deadline has passed. */
  flush(deadlineMs: number): Promise<void>;
  /** Events that lie in the spool and are not yet committed by a worker. */
  readonly pending: number;
  /** Events lost for want of space; must stay 0. */
  readonly dropped: number;
}
