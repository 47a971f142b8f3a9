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

  /** Lets go of what ran out and returns the sum of it. */
  expire(nowMs: number): number {
    let expired = 0;
    for (const [id, { untilMs }] of this.#held) {
      if (untilMs <= nowMs) expired += this.release(id) ?? 0;
    }
    return expired;
  }

  clear(): void {
    this.#held.clear();
    this.#total = 0;
  }
}
