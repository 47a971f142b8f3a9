/** One kept answer, by what its request said. */
export interface KeptVector {
  /** Names the answer within its scope. */
  readonly id: string;
  /** Of length 1. */
  readonly vector: Float32Array;
}

/** Where answers are kept for a while, by vectors. A scope holds those that may be given for one another. */
export interface SimilarAnswerStore {
  /** Connects; called when a config uses it. */
  open(): void;
  /** The newest of a scope, the newest first; null: they could not be had at once. `dimensions`: numbers in each vector. */
  vectors(
    scope: string,
    bounds: { readonly most: number; readonly dimensions: number },
  ): Promise<readonly KeptVector[] | null>;
  /** Null: it has gone. Undefined: it could not be had at once. */
  answer(scope: string, id: string): Promise<string | null | undefined>;
  /** Keeps it as the newest of at most so many, unless that is not possible now; nobody waits for it. */
  keep(
    scope: string,
    kept: { readonly vector: Float32Array; readonly answer: string },
    bounds: { readonly ttlSeconds: number; readonly most: number },
  ): void;
}
