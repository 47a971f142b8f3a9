import type { TextFollower } from '../guardrail/text-rule.ts';
import { UrlFinder } from './url-finder.ts';

/** Holds a text back from the first URL on that is not complete, or that nobody has judged. */
export class UrlFollower implements TextFollower {
  readonly #finder = new UrlFinder();
  #cleared = 0;
  #found: string[] = [];
  #stopped = false;

  get released(): number {
    return this.waits ? this.#cleared : this.#finder.position;
  }

  push(piece: string): null {
    if (!this.waits) this.#cleared = this.#finder.position;
    this.#found = this.#found.concat(this.#finder.push(piece));
    return null;
  }

  /** A URL may go on after what comes in between. */
  pause(): null {
    return null;
  }

  end(): null {
    return null;
  }

  /** The text is complete. */
  finish(): void {
    if (this.#stopped) return;
    if (!this.waits) this.#cleared = this.#finder.position;
    this.#found = this.#found.concat(this.#finder.end());
  }

  /** Something has to be judged before the text may go on. */
  get waits(): boolean {
    return this.#found.length > 0 || this.isOverfull;
  }

  /** The text has more that looks like URLs than is looked at. */
  get isOverfull(): boolean {
    return this.#finder.isOverfull && !this.#stopped;
  }

  /** What has to be judged before the text may go on. */
  get found(): readonly string[] {
    return this.#found;
  }

  /** All of it was judged; `stop`: nothing more has to be. */
  clear(stop: boolean): void {
    this.#found = [];
    this.#stopped = stop;
  }
}
