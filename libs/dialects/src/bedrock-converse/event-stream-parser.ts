import { crc32 } from 'node:zlib';
import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';
import type { SseEvent } from '../sse/sse-event.ts';

/** Total length, length of the headers, and the checksum of both: 4 bytes each. */
const PRELUDE_BYTES = 12;
const CHECKED_PRELUDE_BYTES = 8;
/** Prelude and the checksum of the whole. */
const OVERHEAD_BYTES = PRELUDE_BYTES + 4;

/** The bytes are no AWS event stream, were damaged on the way, or break off within a message. */
export class EventStreamError extends Error {
  override readonly name = 'EventStreamError';
}

/**
 * Reads `application/vnd.amazon.eventstream` however its bytes are split: each message becomes an event named by its
 * `:event-type`, or `:exception-type` when the upstream reports a failure, with the JSON text of its body as data.
 */
export class EventStreamParser {
  readonly #maxBytes: number;
  readonly #codec = new EventStreamCodec(toUtf8, fromUtf8);
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** How many bytes must be there before it is worth looking again. */
  #needed = PRELUDE_BYTES;

  /** `maxBytes`: of one message; AWS's own bound is 24 MiB. */
  constructor(maxBytes: number = 24 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** Events that are complete with these bytes. Throws `EventStreamError`; nothing may be pushed after it. */
  push(bytes: Buffer): readonly SseEvent[] {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    return this.#bytes < this.#needed ? [] : this.#read(Buffer.concat(this.#chunks));
  }

  /** Throws `EventStreamError` when the stream breaks off within a message. */
  end(): readonly SseEvent[] {
    if (this.#bytes > 0) throw new EventStreamError('the event stream breaks off within a message');
    return [];
  }

  #read(bytes: Buffer): readonly SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (let length = this.#lengthAt(bytes, start); length !== null; length = this.#lengthAt(bytes, start)) {
      events.push(this.#decode(bytes.subarray(start, start + length)));
      start += length;
    }
    this.#chunks = start < bytes.length ? [bytes.subarray(start)] : [];
    this.#bytes = bytes.length - start;
    return events;
  }

  /** Length of the message that begins here; null while it is not there as a whole. */
  #lengthAt(bytes: Buffer, start: number): number | null {
    const there = bytes.length - start;
    this.#needed = PRELUDE_BYTES;
    if (there < PRELUDE_BYTES) return null;
    const length = bytes.readUInt32BE(start);
    // Checked before the rest arrives: a damaged length would have the gateway wait for bytes that never come.
    const checksum = crc32(bytes.subarray(start, start + CHECKED_PRELUDE_BYTES));
    if (checksum !== bytes.readUInt32BE(start + CHECKED_PRELUDE_BYTES))
      throw new EventStreamError('a prelude is damaged');
    if (length < OVERHEAD_BYTES || length > this.#maxBytes) {
      throw new EventStreamError(`a message of ${length} bytes is out of bounds`);
    }
    this.#needed = length;
    return there < length ? null : length;
  }

  #decode(message: Buffer): SseEvent {
    try {
      const { headers, body } = this.#codec.decode(message);
      return eventOf(headers, Buffer.from(body).toString('utf8'));
    } catch (error) {
      throw new EventStreamError('a message cannot be read', { cause: error });
    }
  }
}

function eventOf(headers: MessageHeaders, data: string): SseEvent {
  switch (textOf(headers, ':message-type')) {
    case 'exception':
      return { event: textOf(headers, ':exception-type') ?? 'unknownException', data };
    case 'error': {
      // Such a message has no body; what it says stands in its headers.
      const message = textOf(headers, ':error-message') ?? '';
      return { event: textOf(headers, ':error-code') ?? 'unknownException', data: JSON.stringify({ message }) };
    }
    default:
      return { event: textOf(headers, ':event-type') ?? null, data };
  }
}

function textOf(headers: MessageHeaders, name: string): string | undefined {
  const header = headers[name];
  return header?.type === 'string' ? header.value : undefined;
}

function toUtf8(bytes: Uint8Array | string): string {
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8');
}

function fromUtf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
