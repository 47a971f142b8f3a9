/** How a reference begins among other text: `{{ secret "x" }}`, `{{ env "X" }}`; also as JSON within JSON writes it, which is refused. */
const BEGINNING = /\{\{\s*(?:secret|env)\s+\\?["`]/g;

/** Where the next reference begins, from a position on; -1: there is none. Other text between braces is text. */
export function referenceIndex(text: string, from = 0): number {
  BEGINNING.lastIndex = from;
  return BEGINNING.exec(text)?.index ?? -1;
}

/** Whether the text holds a reference: what it will be is known to each gateway alone. */
export function holdsReference(text: string): boolean {
  return text.includes('{{') && referenceIndex(text) !== -1;
}
