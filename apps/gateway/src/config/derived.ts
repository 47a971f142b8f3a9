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
  readonly #kept = new WeakMap<Entity, Kept<Result>>();

  /** `sources`: everything else that the result depends on and that may change, by identity, always in the same order. */
  of(entity: Entity, sources: readonly unknown[], derive: () => Result): Result {
    const kept = this.#kept.get(entity);
    if (kept && isSame(kept.sources, sources)) return kept.result;
    const result = derive();
    this.#kept.set(entity, { sources, result });
    return result;
  }

  /** The next time it is derived again. */
  forget(entity: Entity): void {
    this.#kept.delete(entity);
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
