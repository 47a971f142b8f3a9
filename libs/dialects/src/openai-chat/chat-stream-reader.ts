import { GatewayError, type TokenUsage } from '@penstock/contracts';
import type { UpstreamFault } from '../canonical/canonical-event.ts';
import { countEvents, endOfLastEvent, eventData, splitEvents } from '../sse/event-boundary.ts';
import { errorFieldsOf } from './errors.ts';
import { faultIn } from './read-fault.ts';
import { usageOf } from './read-usage.ts';

/** The marker that ends a stream well. It is for the relay to write, once the usage is on the spool. */
export const CHAT_STREAM_END = Buffer.from('data: [DONE]\n\n');

const MAX_EVENT_BYTES = 4 * 1024 * 1024;
const DONE = '[DONE]';
const DONE_BYTES = Buffer.from(DONE);
const USAGE_KEY = Buffer.from('"usage"');
const ERROR_KEY = Buffer.from('"error"');
const FINISH_KEY = Buffer.from('"finish_reason":"');
const FINISH_KEY_SPACED = Buffer.from('"finish_reason": "');
const CONTENT_KEYS = ['"content":"', '"content": "', '"text":"', '"text": "'].map((key) => Buffer.from(key));
const CONTENT_MEMBERS = ['"tool_calls"', '"reasoning"', '"reasoning_content"', '"refusal":"'].map((key) =>
  Buffer.from(key),
);
const QUOTE = 0x22;

/** What the reader looks at in one event; the rest is the client's. */
interface ChatChunk {
  readonly choices?: readonly unknown[];
  readonly usage?: unknown;
  readonly error?: unknown;
}

/**
 * Reads along while a stream of chat or completion chunks passes through. Bytes leave untouched and only as whole
 * events; an event is parsed only when it holds a usage, an error or the end. Correct for every split of the bytes.
 */
export class ChatStreamReader {
  readonly #hideUsage: boolean;
  #carry: Buffer[] = [];
  #carryBytes = 0;
  /** Usage as the upstream reported it last. */
  usage: TokenUsage | null = null;
  /** `[DONE]` has arrived; nothing after it is released. */
  done = false;
  /** A choice has a finish reason. */
  finished = false;
  /** The upstream said or did something that makes the answer a failure. */
  failure: GatewayError | null = null;
  /** What the upstream itself said of it. */
  reported: UpstreamFault | null = null;
  /** Events since the first one with content: for most servers the number of tokens generated. */
  contentEvents = 0;
  hasContent = false;
  /** `hideUsage`: drop the usage chunk, which the gateway asked for and the caller did not. */
  constructor(options: { readonly hideUsage: boolean }) {
    this.#hideUsage = options.hideUsage;
  }

  /** What the relay writes once `done`; null before. */
  get terminal(): Buffer | null {
    return this.done ? CHAT_STREAM_END : null;
  }

  /** Takes bytes of the upstream; returns those that may be released now. */
  push(chunk: Buffer): Buffer | null {
    if (this.done || this.failure !== null) return null;
    if (this.#carryBytes > 0) return this.#pushToCarry(chunk);
    return this.#take(chunk);
  }

  /** The upstream has ended. What is left is an event whose blank line is missing, or part of one. */
  end(): Buffer | null {
    if (this.done || this.failure !== null || this.#carryBytes === 0) return null;
    const rest = Buffer.concat(this.#carry);
    this.#keep(null);
    return eventData(rest)?.trim() === DONE ? this.#readEvents(rest) : null;
  }

  #pushToCarry(chunk: Buffer): Buffer | null {
    const first = chunk[0];
    const mayEndEvent = first === 0x0a || first === 0x0d || endOfLastEvent(chunk) >= 0;
    this.#carry.push(chunk);
    this.#carryBytes += chunk.length;
    if (!mayEndEvent) return this.#checkSize();
    const joined = Buffer.concat(this.#carry);
    this.#keep(null);
    return this.#take(joined);
  }

  #take(bytes: Buffer): Buffer | null {
    const end = endOfLastEvent(bytes);
    if (end === bytes.length) return this.#read(bytes);
    this.#keep(end < 0 ? bytes : bytes.subarray(end));
    this.#checkSize();
    return end < 0 ? null : this.#read(bytes.subarray(0, end));
  }

  #keep(rest: Buffer | null): void {
    this.#carry = rest ? [rest] : [];
    this.#carryBytes = rest?.length ?? 0;
  }

  #checkSize(): null {
    if (this.#carryBytes > MAX_EVENT_BYTES) {
      this.#keep(null);
      this.failure = new GatewayError('upstream_error', 'The upstream sent an event that is too large.');
    }
    return null;
  }

  #read(events: Buffer): Buffer | null {
    if (!this.finished) this.finished = events.includes(FINISH_KEY) || events.includes(FINISH_KEY_SPACED);
    if (!this.hasContent) this.hasContent = hasContent(events);
    const released = needsParsing(events) ? this.#readEvents(events) : events;
    if (this.hasContent && released) this.contentEvents += countEvents(released);
    return released;
  }

  #readEvents(bytes: Buffer): Buffer | null {
    const released: Buffer[] = [];
    for (const event of splitEvents(bytes)) {
      if (this.#readEvent(event)) released.push(event);
      if (this.done || this.failure !== null) break;
    }
    return released.length === 0 ? null : Buffer.concat(released);
  }

  /** Whether the event is for the client. */
  #readEvent(event: Buffer): boolean {
    const data = eventData(event)?.trim();
    if (data === undefined) return true;
    if (data === DONE) {
      this.done = true;
      return false;
    }
    const chunk = parseChunk(data);
    if (!chunk) return true;
    if (chunk.error !== undefined && chunk.error !== null) {
      this.failure = failureOf(chunk);
      this.reported = faultIn(chunk, 200);
      return false;
    }
    const usage = usageOf(chunk.usage);
    if (usage) this.usage = usage;
    const onlyUsage = Array.isArray(chunk.choices) && chunk.choices.length === 0 && typeof chunk.usage === 'object';
    return !(onlyUsage && chunk.usage !== null && this.#hideUsage);
  }
}

function parseChunk(data: string): ChatChunk | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not ours to judge: the event passes through as the upstream wrote it.
    return undefined;
  }
}

function failureOf(chunk: ChatChunk): GatewayError {
  const fields = errorFieldsOf(chunk);
  return new GatewayError('upstream_error', fields?.message ?? 'The upstream reported an error in the stream.', {
    upstream: { type: fields?.type ?? null, code: fields?.code ?? null },
  });
}

function needsParsing(events: Buffer): boolean {
  return events.includes(DONE_BYTES) || events.includes(ERROR_KEY) || hasUsageObject(events);
}

/** OpenAI writes `"usage":null` into every chunk but the last; only an object is worth parsing. */
function hasUsageObject(events: Buffer): boolean {
  for (let at = events.indexOf(USAGE_KEY); at >= 0; at = events.indexOf(USAGE_KEY, at + USAGE_KEY.length)) {
    let position = at + USAGE_KEY.length;
    while (events[position] === 0x20 || events[position] === 0x3a) position += 1;
    if (events[position] === 0x7b) return true;
  }
  return false;
}

function hasContent(events: Buffer): boolean {
  for (const key of CONTENT_KEYS) {
    for (let at = events.indexOf(key); at >= 0; at = events.indexOf(key, at + key.length)) {
      if (events[at + key.length] !== QUOTE) return true;
    }
  }
  return CONTENT_MEMBERS.some((member) => events.includes(member));
}
