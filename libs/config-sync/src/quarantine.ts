/** An invalid entity that was left out of a snapshot, and why. */
export interface QuarantinedEntity {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
}

const MAX_NAME_LENGTH = 253;
const MAX_REASON_LENGTH = 500;
/** Entities that are looked at without a pause. */
const STEP = 200;

/** Collects what is left out while a snapshot is loaded. */
export class Quarantine {
  readonly entities: QuarantinedEntity[] = [];

  add(kind: string, name: string, reason: string): void {
    this.entities.push({ kind, name: name.slice(0, MAX_NAME_LENGTH), reason: reason.slice(0, MAX_REASON_LENGTH) });
  }

  /** Keeps the entities for which `fault` finds nothing; the others are left out with the reason it gave. Yields after each step. */
  *filter<T extends { readonly name: string }>(
    kind: string,
    entities: readonly T[],
    fault: (entity: T) => string | undefined,
  ): Generator<void, T[]> {
    const kept: T[] = [];
    for (const [index, entity] of entities.entries()) {
      if (index % STEP === STEP - 1) yield;
      const reason = fault(entity);
      if (reason === undefined) kept.push(entity);
      else this.add(kind, entity.name, reason);
    }
    return kept;
  }
}
