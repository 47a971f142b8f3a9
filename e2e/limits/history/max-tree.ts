/** Numbers in a row: adds to all from a position on, and tells the largest of them, each in O(log n). */
export class MaxTree {
  readonly #size: number;
  readonly #largest: Float64Array;
  readonly #positions: Int32Array;
  readonly #added: Float64Array;

  constructor(values: readonly number[]) {
    this.#size = 1;
    while (this.#size < values.length) this.#size *= 2;
    this.#largest = new Float64Array(2 * this.#size).fill(-Infinity);
    this.#positions = new Int32Array(2 * this.#size);
    this.#added = new Float64Array(2 * this.#size);
    for (const [position, value] of values.entries()) {
      this.#largest[this.#size + position] = value;
      this.#positions[this.#size + position] = position;
    }
    for (let node = this.#size - 1; node >= 1; node -= 1) this.#pull(node);
  }

  /** Adds to the number at `position` and to all behind it. */
  add(position: number, amount: number): void {
    let node = this.#size + position;
    this.#addTo(node, amount);
    for (; node > 1; node >>= 1) {
      // A left child's neighbour stands behind it as a whole.
      if (node % 2 === 0) this.#addTo(node + 1, amount);
      this.#pull(node >> 1);
    }
  }

  /** The largest at `position` or behind it. */
  maxFrom(position: number): { readonly value: number; readonly position: number } {
    let node = this.#size + position;
    let found = { value: this.#largest[node] ?? -Infinity, position };
    for (; node > 1; node >>= 1) {
      const behind = this.#largest[node + 1] ?? -Infinity;
      if (node % 2 === 0 && behind > found.value) found = { value: behind, position: this.#positions[node + 1] ?? 0 };
      found = { ...found, value: found.value + (this.#added[node >> 1] ?? 0) };
    }
    return found;
  }

  #addTo(node: number, amount: number): void {
    this.#largest[node] = (this.#largest[node] ?? 0) + amount;
    this.#added[node] = (this.#added[node] ?? 0) + amount;
  }

  #pull(node: number): void {
    const [left, right] = [2 * node, 2 * node + 1];
    const larger = (this.#largest[left] ?? 0) >= (this.#largest[right] ?? 0) ? left : right;
    this.#largest[node] = (this.#largest[larger] ?? 0) + (this.#added[node] ?? 0);
    this.#positions[node] = this.#positions[larger] ?? 0;
  }
}
