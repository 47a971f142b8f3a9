import type { CanonicalEvent } from '@penstock/dialects';

/** A streamed answer that is there already: its events in their order. */
export class KnownStream {
  readonly events: readonly CanonicalEvent[];

  constructor(events: readonly CanonicalEvent[]) {
    this.events = events;
  }
}
