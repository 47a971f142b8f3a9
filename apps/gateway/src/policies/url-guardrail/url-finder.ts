/** Longer ones are not waited for; a checker refuses them. In UTF-16 units. */
export const MAX_URL_LENGTH = 8_192;

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

  /** How many units from the beginning are no part of a URL that is not complete. */
  get position(): number {
    return this.#passed;
  }

  /** The URLs that are complete by now. */
  push(piece: string): readonly string[] {
    this.#text += piece;
    const found: string[] = [];
    for (;;) {
      const start = this.#text.search(START);
      if (start < 0) {
        this.#drop(this.#text.length - openEnd(this.#text));
        return found;
      }
      this.#drop(start);
      const end = endOfRun(this.#text);
      if (end < 0 && this.#text.length <= MAX_URL_LENGTH) return found;
      const run = end < 0 ? this.#text : this.#text.slice(0, end);
      found.push(...(run.length > MAX_URL_LENGTH ? [run] : urlsInRun(run)));
      this.#drop(run.length);
    }
  }

  /** The URLs that the text ends with. */
  end(): readonly string[] {
    const rest = this.#text;
    this.#drop(rest.length);
    return SCHEME.test(rest) ? urlsInRun(rest) : [];
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

/** One URL as a rule; more where brackets or semicolons glue several together. */
function urlsInRun(run: string): readonly string[] {
  const head = HEAD.exec(run)?.[0] ?? '';
  const next = run.charAt(head.length);
  // A bracket that is not closed opens no address.
  if (next === '[') return [];
  const isWhole = next === '' || '/?#'.includes(next);
  const url = trimmed(isWhole ? run : head);
  const found = SCHEME.exec(url)?.[0] === url || !SCHEME.test(url) ? [] : [url];
  if (isWhole) return found;
  const rest = run.slice(head.length);
  const start = rest.search(START);
  return start < 0 ? found : [...found, ...urlsInRun(rest.slice(start))];
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
