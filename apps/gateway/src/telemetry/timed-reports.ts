const EVERY_MS = 60_000;
const MAX_REMEMBERED = 1000;

/** What is reported again and again, at most once a minute for each subject. */
export class TimedReports {
  readonly #last = new Map<string, number>();

  /** `now` on the monotonic clock. */
  isDue(subject: string, now: number): boolean {
    if (now - (this.#last.get(subject) ?? -Infinity) < EVERY_MS) return false;
    if (this.#last.size >= MAX_REMEMBERED) this.#last.clear();
    this.#last.set(subject, now);
    return true;
  }
}
