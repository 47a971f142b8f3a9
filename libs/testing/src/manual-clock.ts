/** A clock that moves only when it is told to. */
export class ManualClock {
  #now: number;

  /** Epoch milliseconds. */
  constructor(now = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
