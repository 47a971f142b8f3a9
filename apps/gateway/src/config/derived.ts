/** What was derived, and from what beside the entity itself. */
interface Kept<Result> {
  readonly sources: readonly unknown[];
  readonly result: Result;
}

/**
 * What is derived from entities of snapshots, kept as long as it holds. An entity that is written as in the snapshot before is the
 * same object (config-sync sees to that), and so is what it is derived from: what comes of them is taken over, with whatever
 * state it has.
 */
export class Derived<Entity extends object, Result> {
  // Not a WeakMap: the garbage collector has to look at all of its entries at once, while requests wait.
  #known = new Map<Entity, Kept<Result>>();
  #next = new Map<Entity, Kept<Result>>();

  /** Begins a snapshot. What came of one that was not finished is forgotten. */
  begin(): void {
    this.#next = new Map();
  }

  /** `sources`: everything else that the result depends on and that may change, by identity, always in the same order. */
  of(entity: Entity, sources: readonly unknown[], derive: () => Result): Result {
    const before = this.#next.get(entity) ?? this.#known.get(entity);
    const kept = before && isSame(before.sources, sources) ? before : { sources, result: derive() };
    this.#next.set(entity, kept);
    return kept.result;
  }

  /** The next time it is derived again. */
  forget(entity: Entity): void {
    this.#known.delete(entity);
    this.#next.delete(entity);
  }

  /** Ends a snapshot: what is not in it is forgotten. */
  turn(): void {
    this.#known = this.#next;
    this.#next = new Map();
  }
}

/** The same for what is derived from many things at once: only the last result is kept. */
export class LastDerived<Result> {
  #last: Kept<Result> | undefined;

  /** The last result, if it was derived from the same ones; else `derive` is run in steps. */
  *of(sources: readonly unknown[], derive: () => Generator<void, Result>): Generator<void, Result> {
    if (this.#last && isSame(this.#last.sources, sources)) return this.#last.result;
    const result = yield* derive();
    this.#last = { sources, result };
    return result;
  }
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((source, index) => source === now[index]);
}
