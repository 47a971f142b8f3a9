/** How long to wait after so many failures in a row: twice as long each time, up to a bound. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;

  /** `random`: from 0 up to 1; waits are spread by a fifth, so that many do not come back at once. */
  constructor(firstMs: number, mostMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
  }

  /** Milliseconds after the first failure (1), the second, and so on; never more than the bound. */
  delay(failures: number): number {
    const doubled = this.#firstMs * 2 ** Math.min(failures - 1, 30);
    return Math.round(Math.min(doubled, this.#mostMs) * (1 - this.#random() / 5));
  }
}
