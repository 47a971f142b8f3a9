import { StringDecoder } from 'node:string_decoder';
import type { SseEvent } from './sse-event.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** A single event was larger than the bound: no vendor sends such a one. */
export class SseEventTooLargeError extends Error {
  constructor(maxCharacters: number) {
    super(`an event of the stream has more than ${maxCharacters} characters`);
    this.name = 'SseEventTooLargeError';
  }
}

/**
 * Reads events from bytes, however they are split: LF, CR and CRLF end a line, UTF-8 may be cut anywhere, comments, ids and
 * retry hints are skipped, and so are events without data. U+2028 and its like end no line. A last event without its blank
 * line counts too, since vendors forget it.
 */
export class SseParser {
  readonly #maxCharacters: number;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #started = false;
  #event: string | null = null;
  #data: string | null = null;

  constructor(maxCharacters: number = 16 * 1024 * 1024) {
    this.#maxCharacters = maxCharacters;
  }

  /** Events that are complete with these bytes. Throws `SseEventTooLargeError`. */
  push(bytes: Buffer): readonly SseEvent[] {
    return this.#read(this.#decoder.write(bytes), false);
  }

  end(): readonly SseEvent[] {
    const events = this.#read(this.#decoder.end(), true);
    const last = this.#take();
    return last ? [...events, last] : events;
  }

  #read(text: string, isLast: boolean): SseEvent[] {
    const input = this.#withoutMark(this.#rest + text);
    const events: SseEvent[] = [];
    let start = 0;
    for (let end = lineEnd(input, 0); end >= 0; end = lineEnd(input, start)) {
      // A CR at the end of what has arrived may be the first half of a CRLF.
      if (input[end] === '\r' && end === input.length - 1 && !isLast) break;
      const event = this.#line(input.slice(start, end));
      if (event) events.push(event);
      start = input[end] === '\r' && input[end + 1] === '\n' ? end + 2 : end + 1;
    }
    this.#rest = input.slice(start);
    if (isLast && this.#rest !== '') {
      this.#line(this.#rest);
      this.#rest = '';
    }
    this.#checkSize();
    return events;
  }

  #withoutMark(input: string): string {
    if (this.#started || input === '') return input;
    this.#started = true;
    return input.startsWith(BYTE_ORDER_MARK) ? input.slice(1) : input;
  }

  /** The event that a blank line completes. */
  #line(line: string): SseEvent | null {
    if (line === '') return this.#take();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const from = colon < 0 ? line.length : colon + (line[colon + 1] === ' ' ? 2 : 1);
    const value = line.slice(from);
    if (field === 'data') this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    else if (field === 'event') this.#event = value;
    return null;
  }

  #take(): SseEvent | null {
    const event = this.#data === null || this.#data === '' ? null : { event: this.#event, data: this.#data };
    this.#event = null;
    this.#data = null;
    return event;
  }

  #checkSize(): void {
    if (this.#rest.length + (this.#data?.length ?? 0) > this.#maxCharacters)
      throw new SseEventTooLargeError(this.#maxCharacters);
  }
}

/** Where the next line ends: at a CR or an LF; -1 when it goes on. */
function lineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const cr = text.indexOf('\r', from);
  if (cr < 0) return lf;
  return lf < 0 ? cr : Math.min(lf, cr);
}
