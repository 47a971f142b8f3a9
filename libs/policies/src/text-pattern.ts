import { RE2JS } from 're2js';

/** Where a pattern matched, in UTF-16 code units. */
export interface TextMatch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A regular expression as RE2 reads it (Go's syntax, `(?i)` included), which takes linear time on any text: prompts come from
 * strangers. Throws an Error that says what is wrong with it.
 */
export class TextPattern {
  readonly #pattern: RE2JS;

  constructor(source: string) {
    this.#pattern = RE2JS.compile(source);
  }

  /** Whether it matches anywhere in the text. */
  test(text: string): boolean {
    return this.#pattern.matcher(text).find();
  }

  /** The first match that starts at `from` or after it; what stands before still counts for `^` and `\b`. Null: none. */
  firstFrom(text: string, from: number): TextMatch | null {
    const matcher = this.#pattern.matcher(text);
    if (!matcher.find(from)) return null;
    const [start, end] = [matcher.start(), matcher.end()];
    return { start, end, text: text.slice(start, end) };
  }

  /** All matches that are not empty, from left to right. */
  matches(text: string): readonly TextMatch[] {
    const matcher = this.#pattern.matcher(text);
    const found: TextMatch[] = [];
    while (matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()];
      if (end > start) found.push({ start, end, text: text.slice(start, end) });
    }
    return found;
  }
}
