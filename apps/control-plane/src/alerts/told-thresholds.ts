const MAX_KEPT = 20_000;

/** Remembers what was told, so that a used-up budget does not cost a query in each round. Forgetting is harmless. */
export class ToldThresholds {
  readonly #told = new Map<string, { readonly percent: number; readonly untilMs: number }>();

  /** Whether this threshold, or a higher one, was told in a window that still runs. */
  has(ledger: string, percent: number, nowMs: number): boolean {
    const told = this.#told.get(ledger);
    return told !== undefined && told.percent >= percent && nowMs < told.untilMs;
  }

  add(ledger: string, percent: number, untilMs: number): void {
    if (this.#told.size >= MAX_KEPT) this.#told.clear();
    this.#told.set(ledger, { percent, untilMs });
  }
}
