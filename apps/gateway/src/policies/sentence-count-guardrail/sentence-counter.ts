import type { Counter } from '../guardrail/count-rule.ts';

const ENDS = /[.!?]/;

/** Counts sentences: whatever stands between `.`, `!` and `?` and is not only white space. */
export class SentenceCounter implements Counter {
  count = 0;
  #inSentence = false;

  push(piece: string): void {
    for (const [index, part] of piece.split(ENDS).entries()) {
      if (index > 0) this.#inSentence = false;
      if (this.#inSentence || part.trim() === '') continue;
      this.#inSentence = true;
      this.count += 1;
    }
  }
}
