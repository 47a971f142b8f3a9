/** What failed lately and is left out for a while. As many entries as a policy has models. */
export class Suspensions {
  readonly #until = new Map<string, number>();
  readonly #durationMs: number;

  /** 0: nothing is ever left out. */
  constructor(durationMs: number) {
    this.#durationMs = durationMs;
  }

  suspend(key: string, nowMs: number): void {
    if (this.#durationMs > 0) this.#until.set(key, nowMs + this.#durationMs);
  }

  isSuspended(key: string, nowMs: number): boolean {
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (until > nowMs) return true;
    this.#until.delete(key);
    return false;
  }
}
