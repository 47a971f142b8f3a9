/** Takes one quotation mark off the beginning of a text, and one off its end, as it comes in pieces; keeps surrogate pairs whole. */
export class UnquotedText {
  #begun = false;
  /** The last unit: it may be the mark at the end, or half of a character. */
  #kept = '';

  push(piece: string): string {
    let text = this.#kept + piece;
    if (text === '') return '';
    if (!this.#begun) {
      this.#begun = true;
      if (text.startsWith('"')) text = text.slice(1);
    }
    const last = text.at(-1) ?? '';
    const isOpen = last === '"' || (last >= '\ud800' && last <= '\udbff');
    this.#kept = isOpen ? last : '';
    return isOpen ? text.slice(0, -1) : text;
  }

  /** The rest. */
  end(): string {
    const rest = this.#kept === '"' ? '' : this.#kept;
    this.#kept = '';
    return rest;
  }
}
