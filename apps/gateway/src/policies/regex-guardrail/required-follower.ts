import type { TextFollower, Violation } from '../guardrail/text-rule.ts';
import { LOOK_AHEAD, MAX_WHOLE } from './look-ahead.ts';

/** What must match can only be known at the end; until then the last of it is held back, so that a short answer is refused whole. */
export class RequiredFollower implements TextFollower {
  readonly #judge: (text: string) => Violation | null;
  #text = '';
  #paused = 0;

  constructor(judge: (text: string) => Violation | null) {
    this.#judge = judge;
  }

  get released(): number {
    return Math.max(this.#paused, this.#text.length - LOOK_AHEAD);
  }

  /** An answer of which only a part can be judged is refused. */
  push(piece: string): Violation | null {
    this.#text += piece;
    return this.#text.length > MAX_WHOLE
      ? { reason: 'The answer is too long to be judged.', assessments: 'The answer is too long.' }
      : null;
  }

  pause(): null {
    this.#paused = this.#text.length;
    return null;
  }

  end(): Violation | null {
    return this.#judge(this.#text);
  }
}
