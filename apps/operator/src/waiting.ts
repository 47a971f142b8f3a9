import type { Dependency, Outcome } from './reconcile/outcome.ts';

/** Who waits for whom, so that nobody waits longer than there is cause for. */
export class Waiting {
  /** By what they wait for. */
  readonly #forDocument = new Map<string, Set<string>>();
  /** Whose deletion others still hold up. */
  readonly #inUse = new Set<string>();

  /** What the outcome of `key` says, in place of what was said before. */
  set(key: string, { reason, waitsFor = [] }: Outcome): void {
    this.forget(key);
    for (const dependency of waitsFor) {
      const id = idOf(dependency);
      this.#forDocument.set(id, (this.#forDocument.get(id) ?? new Set()).add(key));
    }
    if (reason === 'InUse') this.#inUse.add(key);
  }

  forget(key: string): void {
    this.#inUse.delete(key);
    for (const [id, keys] of this.#forDocument) {
      keys.delete(key);
      if (keys.size === 0) this.#forDocument.delete(id);
    }
  }

  /** Who has a reason to try again now that a document was written. */
  wokenBy(document: Dependency, result: 'created' | 'changed' | 'deleted'): readonly string[] {
    const waiting = result === 'deleted' ? [] : (this.#forDocument.get(idOf(document)) ?? []);
    // What was changed or deleted may have let go of what it referred to.
    const held = result === 'created' ? [] : this.#inUse;
    return [...waiting, ...held];
  }
}

function idOf({ kind, name }: Dependency): string {
  return `${kind}/${name}`;
}
