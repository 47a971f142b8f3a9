import type { TextPattern } from '@penstock/policies';
import type { TextFollower, Violation } from '../guardrail/text-rule.ts';
import { LOOK_AHEAD, MAX_WHOLE } from './look-ahead.ts';

/** New text is searched in steps of this many UTF-16 units: models send a few at a time. */
const STEP = 64;
/** How many matches that may yet change are passed over in one search. */
const MAX_UNDECIDED = 8;

/**
 * Searches a text that comes in pieces for what must not be in it. A match of up to {@link LOOK_AHEAD} units is found before any of
 * it is released, a longer one at the end, if the text is not longer than {@link MAX_WHOLE}.
 */
export class ForbiddenFollower implements TextFollower {
  readonly #pattern: TextPattern;
  readonly #violation: Violation;
  /** Whether a match that reaches to the end of what is known is one whatever follows: the pattern asks nothing of its end. */
  readonly #endsOpen: boolean;
  /** From the unit before the first that is not released, which `^` and `\b` look at. */
  #window = '';
  #windowStart = 0;
  #whole = '';
  #length = 0;
  #searched = 0;
  #released = 0;

  constructor(pattern: TextPattern, violation: Violation, endsOpen: boolean) {
    this.#pattern = pattern;
    this.#violation = violation;
    this.#endsOpen = endsOpen;
  }

  get released(): number {
    return this.#released;
  }

  push(piece: string): Violation | null {
    this.#window += piece;
    this.#length += piece.length;
    if (this.#length <= MAX_WHOLE) this.#whole += piece;
    if (this.#length - this.#searched < STEP) return null;
    if (this.#matches()) return this.#violation;
    this.#releaseUpTo(this.#length - LOOK_AHEAD);
    return null;
  }

  pause(): Violation | null {
    if (this.#matches()) return this.#violation;
    this.#releaseUpTo(this.#length);
    return null;
  }

  end(): Violation | null {
    const isWhole = this.#length <= MAX_WHOLE;
    const found = isWhole
      ? this.#pattern.test(this.#whole)
      : this.#pattern.firstFrom(this.#window, this.#from) !== null;
    return found ? this.#violation : null;
  }

  get #from(): number {
    return this.#released - this.#windowStart;
  }

  #matches(): boolean {
    this.#searched = this.#length;
    let from = this.#from;
    for (let undecided = 0; undecided < MAX_UNDECIDED; undecided += 1) {
      const match = from <= this.#window.length ? this.#pattern.firstFrom(this.#window, from) : null;
      if (!match) return false;
      if (this.#endsOpen || match.end < this.#window.length) return true;
      from = match.start + 1;
    }
    return false;
  }

  #releaseUpTo(end: number): void {
    if (end <= this.#released) return;
    this.#released = end;
    const start = Math.max(this.#windowStart, end - 1);
    this.#window = this.#window.slice(start - this.#windowStart);
    this.#windowStart = start;
  }
}
