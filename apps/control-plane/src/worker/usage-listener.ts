import type { UsageEvent } from '@penstock/contracts';

/** Something that wants to know what usage was stored. */
export interface UsageListener {
  /** For the log: `noting the last use`. */
  readonly name: string;
  /**
   * Called after each commit, with all events of it, repeated ones included. The events are safe by then: what rejects here is
   * logged and not repeated.
   */
  committed(events: readonly UsageEvent[]): Promise<void> | void;
}
