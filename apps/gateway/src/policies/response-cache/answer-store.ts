/** Where answers are kept for a while. Whatever goes wrong with it is a miss. */
export interface AnswerStore {
  /** Connects; called when a config uses it. */
  open(): void;
  /** Null: there is none, or it could not be had at once. */
  get(key: string): Promise<string | null>;
  /** Keeps it, unless that is not possible now; nobody waits for it. */
  set(key: string, answer: string, ttlSeconds: number): void;
}
