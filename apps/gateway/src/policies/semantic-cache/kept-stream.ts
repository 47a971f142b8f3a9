import type { CanonicalEvent } from '@penstock/dialects';
import type { StreamFilter } from '../policy.ts';

/** Writes the events of a stream down as they pass, until they are too many. */
export class KeptStream implements StreamFilter {
  readonly #maxBytes: number;
  #events: string[] | null = [];
  #bytes = 2;
  #isWhole = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Null: it was too large, or has not come to its end. */
  get text(): string | null {
    return this.#events && this.#isWhole ? `[${this.#events.join(',')}]` : null;
  }

  push(event: CanonicalEvent): readonly CanonicalEvent[] {
    this.#keep(event);
    return [event];
  }

  #keep(event: CanonicalEvent): void {
    if (!this.#events) return;
    const text = JSON.stringify(event);
    this.#bytes += Buffer.byteLength(text) + 1;
    if (event.type === 'error' || this.#bytes > this.#maxBytes) this.#events = null;
    else this.#events.push(text);
    if (event.type === 'end') this.#isWhole = true;
  }
}
