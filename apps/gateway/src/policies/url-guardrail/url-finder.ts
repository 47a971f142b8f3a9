/** Longer ones are not waited for; a checker refuses them. In UTF-16 units. */
export const MAX_URL_LENGTH = 8_192;
/** Places of one text that are looked at because a URL may begin there; a text has to be read while other requests wait. */
export const MAX_STARTS = 10_000;

const START = /https?:\/\//i;
/** What no URL goes on with: blanks, quotes, brackets, and the punctuation of Chinese and Japanese. */
const DELIMITER = /[\s,"'{}[\]\\`*<>|\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…]/;
const SCHEME = /^https?:\/\//i;
/** An IPv6 address where the host stands, whole or as far as it is there. */
const ADDRESS = /^\[[0-9a-f:.%]*(\]|$)/i;
/** Up to where the host has ended. */
const HEAD = /^https?:\/\/(?:\[[^\]]*\])?[^[/?#();]*/i;
const SCHEMES = ['http://', 'https://'];

/** Finds the URLs of a text that comes in pieces: the same, however it is split. */
export class UrlFinder {
  /** From where something may be a URL that is not complete. */
  #text = '';
  #passed = 0;
  #starts = 0;

  /** So many places were looked at. */
  get starts(): number {
    return this.#starts;
  }

  /** Places are left that nobody looks at: of these URLs nothing can be said. */
  get isOverfull(): boolean {
    return this.#starts > MAX_STARTS;
  }

  /** How many units from the beginning are no part of a URL that is not complete. */
  get position(): number {
    return this.#passed;
  }

  /** The URLs that are complete by now. */
  push(piece: string): readonly string[] {
    this.#text += piece;
    const found: string[] = [];
    for (;;) {
      const start = this.isOverfull ? -1 : this.#text.search(START);
      if (start < 0) {
        this.#drop(this.isOverfull ? this.#text.length : this.#text.length - openEnd(this.#text));
        return found;
      }
      this.#drop(start);
      const end = endOfRun(this.#text);
      if (end < 0 && this.#text.length <= MAX_URL_LENGTH) return found;
      const run = end < 0 ? this.#text : this.#text.slice(0, end);
      this.#look(run, found);
      this.#drop(run.length);
    }
  }

  /** The URLs that the text ends with. */
  end(): readonly string[] {
    const rest = this.#text;
    const found: string[] = [];
    this.#drop(rest.length);
    if (SCHEME.test(rest)) this.#look(rest, found);
    return found;
  }

  /** Adds one URL as a rule; none where the host has not begun, and more where brackets or semicolons glue several together. */
  #look(run: string, found: string[]): void {
    if (run.length > MAX_URL_LENGTH) {
      this.#starts += 1;
      found.push(run);
      return;
    }
    for (let start = 0; start >= 0 && !this.isOverfull;) {
      this.#starts += 1;
      const { url, next } = firstUrl(run.slice(start));
      if (url !== null) found.push(url);
      start = next < 0 ? -1 : start + next;
    }
  }

  #drop(count: number): void {
    this.#text = this.#text.slice(count);
    this.#passed += count;
  }
}

/** The different URLs of a text. */
export function urlsIn(text: string): readonly string[] {
  const finder = new UrlFinder();
  return [...new Set([...finder.push(text), ...finder.end()])];
}

/** How much of the end of a text may be the beginning of a scheme. */
function openEnd(text: string): number {
  for (let length = Math.min(7, text.length); length > 0; length -= 1) {
    const end = text.slice(-length).toLowerCase();
    if (SCHEMES.some((scheme) => scheme.startsWith(end))) return length;
  }
  return 0;
}

/** Where the run of characters that begins as a URL ends; -1: not yet. */
function endOfRun(text: string): number {
  const scheme = SCHEME.exec(text)?.[0].length ?? 0;
  const [address = '', close] = ADDRESS.exec(text.slice(scheme)) ?? [];
  if (address !== '' && close === '') return -1;
  const start = scheme + address.length;
  const end = text.slice(start).search(DELIMITER);
  return end < 0 ? -1 : start + end;
}

/** The URL that a run begins with, and where the next one begins that is glued to it; -1: none does. */
function firstUrl(run: string): { readonly url: string | null; readonly next: number } {
  const head = HEAD.exec(run)?.[0] ?? '';
  const after = run.charAt(head.length);
  // A bracket that is not closed opens no address.
  if (after === '[') return { url: null, next: -1 };
  const isWhole = after === '' || '/?#'.includes(after);
  const trimmedUrl = trimmed(isWhole ? run : head);
  const url = SCHEME.exec(trimmedUrl)?.[0] === trimmedUrl || !SCHEME.test(trimmedUrl) ? null : trimmedUrl;
  const next = isWhole ? -1 : run.slice(head.length).search(START);
  return { url, next: next < 0 ? -1 : head.length + next };
}

/** Without the punctuation of the sentence around it, and without a parenthesis that closes what it did not open. */
function trimmed(url: string): string {
  let open = 0;
  for (const character of url) open += character === '(' ? 1 : character === ')' ? -1 : 0;
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    if (last === ')' && open < 0) open += 1;
    else if (!'.,;:!?'.includes(last)) break;
  }
  return url.slice(0, end);
}
