const HEAD_LENGTH = 4;

/** Finds any of many phrases in a text in one pass: a table of hashed beginnings rules out nearly every position. */
export class PhraseIndex {
  readonly #byHead = new Map<string, string[]>();
  readonly #mayStart = new Uint8Array(65_536);

  /** Phrases shorter than four characters cannot be held. */
  add(phrase: string): void {
    if (phrase.length < HEAD_LENGTH) throw new RangeError(`a phrase needs at least ${HEAD_LENGTH} characters`);
    const head = phrase.slice(0, HEAD_LENGTH);
    const phrases = this.#byHead.get(head);
    if (phrases) phrases.push(phrase);
    else this.#byHead.set(head, [phrase]);
    this.#mayStart[hashAt(phrase, 0)] = 1;
  }

  /** The text with every stretch that phrases cover, overlapping ones together, replaced once. */
  replaceAll(text: string, replacement: string): string {
    if (this.#byHead.size === 0) return text;
    let result = '';
    let copied = 0;
    let coveredFrom = -1;
    let coveredTo = -1;
    for (let position = 0; position + HEAD_LENGTH <= text.length; position += 1) {
      const length = this.#longestAt(text, position);
      if (length === 0) continue;
      if (position >= coveredTo) {
        if (coveredTo > 0) {
          result += text.slice(copied, coveredFrom) + replacement;
          copied = coveredTo;
        }
        coveredFrom = position;
      }
      coveredTo = Math.max(coveredTo, position + length);
    }
    if (coveredTo < 0) return text;
    return result + text.slice(copied, coveredFrom) + replacement + text.slice(coveredTo);
  }

  #longestAt(text: string, position: number): number {
    if (this.#mayStart[hashAt(text, position)] === 0) return 0;
    let longest = 0;
    for (const phrase of this.#byHead.get(text.slice(position, position + HEAD_LENGTH)) ?? []) {
      if (phrase.length > longest && text.startsWith(phrase, position)) longest = phrase.length;
    }
    return longest;
  }
}

function hashAt(text: string, position: number): number {
  const first = text.charCodeAt(position) ^ (text.charCodeAt(position + 1) << 4);
  const second = (text.charCodeAt(position + 2) << 7) ^ (text.charCodeAt(position + 3) << 9);
  return (first ^ second) & 0xffff;
}
