/** What takes its turn, and how often. */
export interface Turn {
  readonly weight: number;
}

/**
 * Smooth weighted round robin, as nginx has it: within a round of as many turns as the weights add up to, each comes as often as its
 * weight says, spread as evenly as can be.
 */
export class Turns {
  readonly #weights: readonly number[];
  readonly #credits: number[];

  constructor(turns: readonly Turn[]) {
    this.#weights = turns.map(({ weight }) => weight);
    this.#credits = turns.map(() => 0);
  }

  /** The index of the next among those that may have the turn; -1 when none may. */
  next(may: (index: number) => boolean): number {
    let total = 0;
    let best = -1;
    for (const [index, weight] of this.#weights.entries()) {
      if (!may(index)) continue;
      total += weight;
      const credit = (this.#credits[index] ?? 0) + weight;
      this.#credits[index] = credit;
      if (best < 0 || credit > (this.#credits[best] ?? 0)) best = index;
    }
    if (best >= 0) this.#credits[best] = (this.#credits[best] ?? 0) - total;
    return best;
  }
}
