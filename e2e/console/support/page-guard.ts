import type { Page, Response } from '@playwright/test';

/** A refusal that a test expects: `GET /api/v1/auth/session 401`. */
export type ExpectedRefusal = RegExp;

/** Before anybody is logged in the console asks who is. */
const ALWAYS_EXPECTED: readonly ExpectedRefusal[] = [/^GET \/api\/v1\/auth\/session 401$/];

/**
 * Watches a page for what a user does not see: errors on its console, uncaught exceptions, refused requests and requests
 * to other origins. A page can look right while every call behind it fails.
 */
export class PageGuard {
  readonly #problems: string[] = [];
  readonly #expected: ExpectedRefusal[] = [...ALWAYS_EXPECTED];

  constructor(page: Page, origin: string) {
    page.on('pageerror', (error) => this.#problems.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      // The browser's own note on a refused request; those are judged by their responses.
      if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
      this.#problems.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== origin) this.#problems.push(`another origin: ${request.url()}`);
    });
    page.on('response', (response) => this.#judge(response));
  }

  /** Accepts refusals of this kind from now on. */
  expectRefusal(refusal: ExpectedRefusal): void {
    this.#expected.push(refusal);
  }

  /** What was seen so far. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  #judge(response: Response): void {
    if (response.status() < 400) return;
    const line = `${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`;
    if (!this.#expected.some((expected) => expected.test(line))) this.#problems.push(`refused: ${line}`);
  }
}
