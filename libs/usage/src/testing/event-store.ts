import type { UsageEvent } from '@penstock/contracts';

/** Stores events as the worker does: each id once, the first one stays. */
export class EventStore {
  readonly events = new Map<string, UsageEvent>();
  /** Events that came, with those that came again. */
  deliveries = 0;
  /** Rejects commits while it is set. */
  failure: Error | undefined;

  readonly commit = async (events: UsageEvent[]): Promise<void> => {
    if (this.failure) throw this.failure;
    this.deliveries += events.length;
    for (const event of events) if (!this.events.has(event.id)) this.events.set(event.id, event);
  };
}
