import { GatewayError } from '@penstock/contracts';

/** Bounds that keep a small body from costing much: nesting and the number of values. */
export interface JsonBounds {
  readonly maxDepth: number;
  readonly maxValues: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
/** So many plain bytes in a row, and the platform's memchr is asked for the next special one. */
const LONG_RUN_BYTES = 64;

const tableOf = (test: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(test(byte)));
const oneOf = (characters: string) => (byte: number) => characters.includes(String.fromCharCode(byte));

const SPACE = tableOf(oneOf(' \n\r\t'));
const DIGIT = tableOf(oneOf('0123456789'));
const HEX = tableOf(oneOf('0123456789abcdefABCDEF'));
/** Bytes that stand for themselves within a string. */
const PLAIN = tableOf((byte) => byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH);
/** Bytes that may follow a backslash, `u` apart (RFC 8259 §7). */
const SIMPLE_ESCAPE = tableOf(oneOf('"\\/bfnrt'));

/**
 * Walks over JSON text without building values, and checks its grammar (RFC 8259) as it goes. The text holds one
 * character for each byte (latin1), so that offsets are the body's own. One exception, for speed: raw control
 * characters are not looked for within a run of more than 64 plain bytes.
 */
export class JsonScanner {
  readonly #text: string;
  readonly #bounds: JsonBounds;
  #values = 0;
  #nextQuote = -1;
  #nextBackslash = -1;
  /** Offset of the next byte to be read. */
  position = 0;

  constructor(text: string, bounds: JsonBounds) {
    this.#text = text;
    this.#bounds = bounds;
  }

  /** Next byte that is not white space, left unread; NaN at the end. */
  peek(): number {
    const text = this.#text;
    let position = this.position;
    while (SPACE[text.charCodeAt(position)] === 1) position += 1;
    this.position = position;
    return text.charCodeAt(position);
  }

  /** Reads one expected byte after white space. */
  expect(byte: number, what: string): void {
    if (this.peek() !== byte) this.fail(`expected ${what}`);
    this.position += 1;
  }

  /** Reads one whole value; `depth` counts the containers around it. */
  skipValue(depth: number): void {
    this.#values += 1;
    if (this.#values > this.#bounds.maxValues) {
      throw new GatewayError('json_too_complex', `The body holds more than ${this.#bounds.maxValues} JSON values.`);
    }
    switch (this.peek()) {
      case QUOTE:
        return this.skipString();
      case OPEN_OBJECT:
        return this.#skipObject(depth + 1);
      case OPEN_ARRAY:
        return this.#skipArray(depth + 1);
      case 0x74:
        return this.#skipLiteral('true');
      case 0x66:
        return this.#skipLiteral('false');
      case 0x6e:
        return this.#skipLiteral('null');
      default:
        return this.#skipNumber();
    }
  }

  /** Reads a string with both its quotes. */
  skipString(): void {
    const text = this.#text;
    if (text.charCodeAt(this.position) !== QUOTE) this.fail('expected a string');
    let position = this.position + 1;
    for (;;) {
      const limit = position + LONG_RUN_BYTES;
      while (position < limit && PLAIN[text.charCodeAt(position)] === 1) position += 1;
      if (position === limit) position = this.#endOfLongRun(position);
      const byte = text.charCodeAt(position);
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) this.failAt(position, 'unterminated string or unescaped control character');
      position = this.#afterEscape(position);
    }
    this.position = position + 1;
  }

  fail(reason: string): never {
    return this.failAt(this.position, reason);
  }

  failAt(position: number, reason: string): never {
    throw new GatewayError('invalid_json', `The body is not valid JSON: ${reason} at byte ${position}.`);
  }

  /** Each search begins where the last one ended, so that all of them together read the text once. */
  #endOfLongRun(from: number): number {
    if (this.#nextQuote < from) this.#nextQuote = this.#find('"', from);
    if (this.#nextBackslash < from) this.#nextBackslash = this.#find('\\', from);
    return Math.min(this.#nextQuote, this.#nextBackslash);
  }

  /** Where the character stands next; the end of the text when it does not. */
  #find(character: string, from: number): number {
    const at = this.#text.indexOf(character, from);
    return at < 0 ? this.#text.length : at;
  }

  #afterEscape(backslash: number): number {
    const escape = this.#text.charCodeAt(backslash + 1);
    if (SIMPLE_ESCAPE[escape] === 1) return backslash + 2;
    if (escape !== 0x75) this.failAt(backslash, 'invalid escape');
    for (let index = 2; index < 6; index += 1) {
      if (HEX[this.#text.charCodeAt(backslash + index)] !== 1) this.failAt(backslash, 'invalid escape');
    }
    return backslash + 6;
  }

  #enter(depth: number): void {
    if (depth > this.#bounds.maxDepth) {
      throw new GatewayError('json_too_deep', `The body is nested deeper than ${this.#bounds.maxDepth} levels.`);
    }
    this.position += 1;
  }

  #skipObject(depth: number): void {
    this.#enter(depth);
    if (this.peek() === CLOSE_OBJECT) {
      this.position += 1;
      return;
    }
    do {
      this.peek();
      this.skipString();
      this.expect(COLON, "':'");
      this.skipValue(depth);
    } while (this.#continues(CLOSE_OBJECT, "',' or '}'"));
  }

  #skipArray(depth: number): void {
    this.#enter(depth);
    if (this.peek() === CLOSE_ARRAY) {
      this.position += 1;
      return;
    }
    do this.skipValue(depth);
    while (this.#continues(CLOSE_ARRAY, "',' or ']'"));
  }

  #continues(close: number, what: string): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) this.fail(`expected ${what}`);
    this.position += 1;
    return byte === COMMA;
  }

  #skipLiteral(literal: string): void {
    if (!this.#text.startsWith(literal, this.position)) this.fail('unexpected character');
    this.position += literal.length;
  }

  #skipNumber(): void {
    const text = this.#text;
    if (text.charCodeAt(this.position) === 0x2d) this.position += 1;
    if (text.charCodeAt(this.position) === 0x30) this.position += 1;
    else this.#skipDigits();
    if (text.charCodeAt(this.position) === 0x2e) {
      this.position += 1;
      this.#skipDigits();
    }
    if ((text.charCodeAt(this.position) | 0x20) === 0x65) {
      this.position += 1;
      const sign = text.charCodeAt(this.position);
      if (sign === 0x2b || sign === 0x2d) this.position += 1;
      this.#skipDigits();
    }
  }

  #skipDigits(): void {
    const text = this.#text;
    let position = this.position;
    while (DIGIT[text.charCodeAt(position)] === 1) position += 1;
    if (position === this.position) this.fail('unexpected character');
    this.position = position;
  }
}
