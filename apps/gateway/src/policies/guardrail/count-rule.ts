import type { TextFollower, TextRule, Violation } from './text-rule.ts';
import { UnquotedText } from './unquoted-text.ts';

/** Counts something in a text that comes in pieces; the count never falls. */
export interface Counter {
  push(piece: string): void;
  readonly count: number;
}

/** From `min` to `max`, or with `invert` anything but that. Both are there unless a side is switched off. */
export interface CountRange {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly invert: boolean;
}

export interface Counted {
  /** What is counted, as in "word count". */
  readonly noun: string;
  /** Its units, as in "words". */
  readonly units: string;
  readonly reason: string;
  createCounter(): Counter;
}

/** A range for the count of something. Quotation marks around the whole text do not count. */
export class CountRule implements TextRule {
  readonly #counted: Counted;
  readonly #range: { readonly min: number; readonly max: number; readonly invert: boolean };
  readonly #violation: Violation;

  constructor(counted: Counted, range: CountRange) {
    this.#counted = counted;
    const { noun, units, reason } = counted;
    const { min = 0, max = Number.MAX_SAFE_INTEGER, invert } = range;
    this.#range = { min, max, invert };
    const expected = invert ? `outside the range of ${min} to ${max} ${units}` : `between ${min} and ${max} ${units}`;
    this.#violation = { reason, assessments: `Violation of ${noun} detected. Expected ${noun} to be ${expected}.` };
  }

  judge(text: string): Violation | null {
    const follower = this.follow();
    return follower.push(text) ?? follower.end();
  }

  /** More than the maximum is refused as soon as it is there; everything else at the end. */
  follow(): TextFollower {
    const unquoted = new UnquotedText();
    const counter = this.#counted.createCounter();
    const { min, max, invert } = this.#range;
    const violation = this.#violation;
    return {
      released: Infinity,
      push(piece) {
        counter.push(unquoted.push(piece));
        return !invert && counter.count > max ? violation : null;
      },
      pause: () => null,
      end() {
        counter.push(unquoted.end());
        const inside = counter.count >= min && counter.count <= max;
        return inside === invert ? violation : null;
      },
    };
  }
}
