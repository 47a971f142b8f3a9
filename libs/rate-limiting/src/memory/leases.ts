/** Amounts that are held until a time; kept in the order in which they were taken. */
export class Leases {
  readonly #held = new Map<string, { readonly amount: number; readonly untilMs: number }>();
  #total = 0;

  /** The sum of what is held. */
  get total(): number {
    return this.#total;
  }

  get empty(): boolean {
    return this.#held.size === 0;
  }

  /** The latest end of a lease; 0 without any. */
  get lastUntilMs(): number {
    return Math.max(0, ...[...this.#held.values()].map(({ untilMs }) => untilMs));
  }

  hold(id: string, amount: number, untilMs: number): void {
    this.release(id);
    this.#held.set(id, { amount, untilMs });
    this.#total += amount;
  }

  renew(id: string, untilMs: number): void {
    const lease = this.#held.get(id);
    if (lease) this.#held.set(id, { ...lease, untilMs });
  }

  /** Returns the amount that was held, or undefined. */
  release(id: string): number | undefined {
    const lease = this.#held.get(id);
    if (!lease) return undefined;
    this.#held.delete(id);
    this.#total -= lease.amount;
    return lease.amount;
  }

  /** Lets go of what ran out, and tells of each. */
  expire(nowMs: number, onExpired?: (id: string, amount: number) => void): void {
    for (const [id, { amount, untilMs }] of this.#held) {
      if (untilMs > nowMs) continue;
      this.release(id);
      onExpired?.(id, amount);
    }
  }

  clear(): void {
    this.#held.clear();
    this.#total = 0;
  }
}
