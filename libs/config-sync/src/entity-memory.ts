/**
 * Entities of the last snapshot by the text that they were read from: those whose text is the same again need not be validated,
 * and are the same objects, so that nothing that is derived from them alone has to be derived again.
 */
export class EntityMemory {
  #known: ReadonlyMap<string, ReadonlyMap<string, unknown>> = new Map();
  #read = new Map<string, Map<string, unknown>>();

  /** Begins a snapshot: what was noted of one that was refused is forgotten. */
  begin(): void {
    this.#read = new Map();
  }

  /** What a text of a kind was last read as; undefined: it is not known. */
  recall(kind: string, text: string): unknown {
    return this.#known.get(kind)?.get(text);
  }

  /** Notes what a text of the snapshot that is being read came to. */
  note(kind: string, text: string, entity: unknown): void {
    let ofKind = this.#read.get(kind);
    if (!ofKind) this.#read.set(kind, (ofKind = new Map()));
    ofKind.set(text, entity);
  }

  /** Ends a snapshot: nothing else is known from here on. */
  turn(): void {
    this.#known = this.#read;
    this.#read = new Map();
  }
}
