/** What was spent, by the beginning (ms) of the slice of time that it belongs to. */
export class Slices {
  readonly #spent = new Map<number, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Adds, or takes back what the slice has. */
  add(sliceMs: number, amount: number): void {
    const before = this.#spent.get(sliceMs) ?? 0;
    const after = Math.max(0, before + amount);
    this.#spent.set(sliceMs, after);
    this.#total += after - before;
  }

  /** Forgets the slices that begin before a time. */
  dropBefore(startMs: number): void {
    for (const [sliceMs, spent] of this.#spent) {
      if (sliceMs >= startMs) continue;
      this.#spent.delete(sliceMs);
      this.#total -= spent;
    }
  }

  /** The beginning of the slice with which enough has gone, when the oldest go first; undefined when all together are less. */
  goneWith(amount: number): number | undefined {
    let left = amount;
    for (const [sliceMs, spent] of [...this.#spent].toSorted(([one], [other]) => one - other)) {
      left -= spent;
      if (left <= 0) return sliceMs;
    }
    return undefined;
  }
}
