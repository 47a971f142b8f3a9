import type { CanonicalEvent } from '@penstock/dialects';
import type { TextFollower, Violation } from './text-rule.ts';

/** The most characters of one choice that are held back, arguments of tool calls and reasoning included. */
export const MAX_HELD = 1024 * 1024;
/** Small pieces that are held back are put together, so that a long wait does not cost many objects. */
const MERGED_LENGTH = 64;

const TOO_LONG: Violation = { reason: 'The answer is too long to be judged.', assessments: 'The answer is too long.' };

interface Held {
  event: CanonicalEvent;
  /** What of the followed text it stands for; 0 for all but text. */
  length: number;
}

/** One choice of a streamed answer: what is held back goes on in its order. */
export class GuardedChoice {
  readonly #follower: TextFollower;
  readonly #onViolation: (violation: Violation) => void;
  readonly #held: Held[] = [];
  #heldCharacters = 0;
  /** The part that the text came in last. */
  #key: string | null = null;
  #passed = 0;
  /** Nothing is judged any more. */
  #open = false;

  constructor(follower: TextFollower, onViolation: (violation: Violation) => void) {
    this.#follower = follower;
    this.#onViolation = onViolation;
  }

  push(event: CanonicalEvent): readonly CanonicalEvent[] {
    if (this.#open) return [event];
    const length = event.type === 'text' ? this.#follow(event) : 0;
    if (event.type === 'tool-call-start' && this.#key !== null) this.tell(this.#follower.pause());
    this.#hold(event, length);
    const passed = this.release();
    if (!this.#open && this.#heldCharacters > MAX_HELD) this.tell(TOO_LONG);
    return this.#open ? [...passed, ...this.release()] : passed;
  }

  /** The choice is complete. One that said nothing is not judged. */
  end(): readonly CanonicalEvent[] {
    if (!this.#open && this.#key !== null) this.tell(this.#follower.end());
    this.#open = true;
    return this.release();
  }

  /** Parts of a text are joined by line breaks. Returns how much longer the text became. */
  #follow({ key, text }: Extract<CanonicalEvent, { type: 'text' }>): number {
    if (text === '') return 0;
    const piece = this.#key === null || this.#key === key ? text : `\n${text}`;
    this.#key = key;
    this.tell(this.#follower.push(piece));
    return piece.length;
  }

  /** What was found out, now or later. */
  tell(violation: Violation | null): void {
    if (!violation) return;
    this.#onViolation(violation);
    this.#open = true;
  }

  #hold(event: CanonicalEvent, length: number): void {
    this.#heldCharacters += charactersOf(event);
    const last = this.#held.at(-1);
    const merged = last && merge(last.event, event);
    if (merged) {
      last.event = merged;
      last.length += length;
    } else this.#held.push({ event, length });
  }

  /** What may go on by now. */
  release(): readonly CanonicalEvent[] {
    const { released } = this.#follower;
    let count = 0;
    for (const { event, length } of this.#held) {
      if (!this.#open && this.#passed + length > released) break;
      this.#passed += length;
      this.#heldCharacters -= charactersOf(event);
      count += 1;
    }
    return count === 0 ? [] : this.#held.splice(0, count).map(({ event }) => event);
  }
}

function charactersOf(event: CanonicalEvent): number {
  return 'text' in event ? event.text.length : 0;
}

function merge(last: CanonicalEvent, next: CanonicalEvent): CanonicalEvent | null {
  if (last.type !== next.type || !('text' in last) || !('text' in next) || last.key !== next.key) return null;
  if ('logprobs' in last || 'logprobs' in next || last.text.length + next.text.length > MERGED_LENGTH) return null;
  return { ...last, text: last.text + next.text };
}
