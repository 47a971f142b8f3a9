import { mapStrings } from '../text/walk-strings.ts';

const PLACEHOLDER = /\[[A-Z][A-Z0-9_]{0,63}_\d{1,8}\]/g;

/**
 * What was masked in one request, and what stands for it: `[EMAIL_1]`. The same value has the same placeholder everywhere in a
 * request, and placeholders are numbered as values come, so that a conversation that goes on keeps them. What the request itself
 * has that looks like one is never given out.
 */
export class MaskedValues {
  readonly #placeholders = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #numbers = new Map<string, number>();
  #longest = 0;

  constructor(body: object) {
    mapStrings(body, (text) => {
      for (const [found] of text.matchAll(PLACEHOLDER)) this.#taken.add(found);
      return text;
    });
  }

  get size(): number {
    return this.#values.size;
  }

  /** What stands for a value. */
  mask(name: string, value: string): string {
    const known = this.#placeholders.get(value);
    if (known !== undefined) return known;
    const placeholder = this.#next(name);
    this.#placeholders.set(value, placeholder);
    this.#values.set(placeholder, value);
    this.#longest = Math.max(this.#longest, placeholder.length);
    return placeholder;
  }

  /** The text with its values back; `write`: how a value is written there. */
  restore(text: string, write: (value: string) => string = (value) => value): string {
    if (!text.includes('[')) return text;
    return text.replaceAll(PLACEHOLDER, (found) => {
      const value = this.#values.get(found);
      return value === undefined ? found : write(value);
    });
  }

  /** How much of the end of a text may be the beginning of a placeholder. */
  openLength(text: string): number {
    const start = text.lastIndexOf('[');
    if (start < 0 || text.length - start >= this.#longest) return 0;
    const open = text.slice(start);
    if (open.endsWith(']')) return 0;
    for (const placeholder of this.#values.keys()) if (placeholder.startsWith(open)) return open.length;
    return 0;
  }

  #next(name: string): string {
    for (;;) {
      const number = (this.#numbers.get(name) ?? 0) + 1;
      this.#numbers.set(name, number);
      const placeholder = `[${name}_${number}]`;
      if (!this.#taken.has(placeholder)) return placeholder;
    }
  }
}

/** As a value is written within a string of JSON text. */
export function escapeJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
