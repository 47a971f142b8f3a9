import type { Violation } from '../guardrail/text-rule.ts';
import { tooManyUrls, type UrlChecker } from './url-checker.ts';

/** That the URLs of a request, or of an answer, lead somewhere, and are not too many. */
export interface UrlRule {
  readonly checker: UrlChecker;
  readonly maxUrls: number;
}

/** The URLs of one request or answer: each is checked once. */
export class JudgedUrls {
  readonly #rule: UrlRule;
  readonly #seen = new Set<string>();

  constructor(rule: UrlRule) {
    this.#rule = rule;
  }

  /** What is wrong with a text of which not all URLs are looked at. */
  get tooMany(): Violation {
    return tooManyUrls(this.#rule.maxUrls);
  }

  /** What is wrong with these URLs; a promise only where some were not seen before. */
  judge(urls: readonly string[]): Violation | null | Promise<Violation | null> {
    const { checker, maxUrls } = this.#rule;
    const fresh = [...new Set(urls)].filter((url) => !this.#seen.has(url));
    if (fresh.length === 0) return null;
    for (const url of fresh) this.#seen.add(url);
    return this.#seen.size > maxUrls ? this.tooMany : checker.judge(fresh);
  }
}
