import type { Counter } from '../guardrail/count-rule.ts';

const WORD_OR_SPACE = /\S+|\s+/g;

/** Counts words: whatever stands between white space. */
export class WordCounter implements Counter {
  count = 0;
  #inWord = false;

  push(piece: string): void {
    for (const [run] of piece.matchAll(WORD_OR_SPACE)) {
      const isWord = run.trim() !== '';
      if (isWord && !this.#inWord) this.count += 1;
      this.#inWord = isWord;
    }
  }
}
