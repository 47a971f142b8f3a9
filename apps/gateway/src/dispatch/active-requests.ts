/** Something that has to be looked at from time to time. */
export interface Watched {
  /** Where it stands among the active requests; theirs to set. */
  slot: number;
  /** `now` is of the monotonic clock, milliseconds. */
  check(now: number): void;
  /** The process ends: finish at once, with an error. */
  shutDown(): void;
}

/**
 * The requests that wait for an upstream. One timer looks after all of them; a timer for each would cost more than routing.
 *
 * Slots, not a Set: a Set that grows and shrinks all the time replaces its table again and again, and V8 links each old table
 * to the next one. Once one of them is in the old generation, every request that was ever in the Set survives scavenges.
 */
export class ActiveRequests {
  readonly #slots: (Watched | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  add(watched: Watched): void {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = watched;
    watched.slot = slot;
  }

  delete(watched: Watched): void {
    if (this.#slots[watched.slot] !== watched) return;
    this.#slots[watched.slot] = null;
    this.#free.push(watched.slot);
  }

  check(now: number): void {
    for (const watched of this.#slots) watched?.check(now);
  }

  shutDown(): void {
    for (const watched of this.#slots) watched?.shutDown();
  }
}
