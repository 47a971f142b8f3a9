/** An invalid entity that was left out of a snapshot, and why. */
export interface QuarantinedEntity {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
}

const MAX_NAME_LENGTH = 253;
const MAX_REASON_LENGTH = 500;

/** Collects what is left out while a snapshot is loaded. */
export class Quarantine {
  readonly entities: QuarantinedEntity[] = [];

  add(kind: string, name: string, reason: string): void {
    this.entities.push({ kind, name: name.slice(0, MAX_NAME_LENGTH), reason: reason.slice(0, MAX_REASON_LENGTH) });
  }

  /** Keeps the entities for which `fault` finds nothing; the others are left out with the reason it gave. */
  filter<T extends { readonly name: string }>(
    kind: string,
    entities: readonly T[],
    fault: (entity: T) => string | undefined,
  ): T[] {
    return entities.filter((entity) => {
      const reason = fault(entity);
      if (reason !== undefined) this.add(kind, entity.name, reason);
      return reason === undefined;
    });
  }
}
