import type { GatewayError, TokenUsage } from '@penstock/contracts';
import type { UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { toTokenUsage } from '../canonical/to-token-usage.ts';
import { endOfLastEvent, eventData, splitEvents } from '../sse/event-boundary.ts';
import { brokenAnswer, faultIn, faultOf } from './errors.ts';
import { errorOfFault } from './error-of-fault.ts';
import { objectOf, textOf } from './json-fields.ts';
import { readWireUsage } from './wire-usage.ts';

/** A single event can hold a whole generated image. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** Before anything else these say nothing: OpenAI sends them and then that the quota is used up. */
const PREAMBLE: ReadonlySet<string> = new Set(['response.created', 'response.in_progress', 'response.queued']);
const TERMINAL: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

/** Events without one of these pass unparsed; within text the quotes would be escaped. */
const MARKERS = [...TERMINAL, 'error'].map((type) => Buffer.from(`"${type}"`));
const DELTA_KEYS = ['"delta":"', '"delta": "'].map((key) => Buffer.from(key));
const ITEM_DONE = Buffer.from('"response.output_item.done"');
const EMPTY = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\n\n');

/**
 * Reads along while a stream of response events passes through. Bytes leave untouched and only as whole events; nothing
 * leaves before the model has begun to answer, so that an error that comes first can still become a status. Correct for every
 * split of the bytes.
 */
export class ResponsesStreamReader {
  #carry: Buffer[] = [];
  #carryBytes = 0;
  /** The preamble, until something meaningful follows; null after that. */
  #held: Buffer[] | null = [];
  #heldBytes = 0;
  /** What an `error` event amid the answer told; `response.failed` follows it. */
  #fault: UpstreamFault | null = null;
  /** Usage as the last event reports it. */
  usage: TokenUsage | null = null;
  /** The last event has arrived; nothing after it is released. */
  done = false;
  /** The upstream said or did something that makes the answer a failure. */
  failure: GatewayError | null = null;
  /**
   * The upstream's own last event, which is for the relay to write, once the usage is on the spool. Beside a `failure` it is
   * `response.failed`, by which the upstream itself tells the caller; empty when the caller is still to be told.
   */
  terminal: Buffer = EMPTY;
  /** Pieces of output: for most servers the number of tokens generated. */
  contentEvents = 0;
  hasContent = false;

  /** What the upstream itself said that makes the answer a failure. */
  get reported(): UpstreamFault | null {
    return this.#fault;
  }

  /** The response is complete, one way or the other. */
  get finished(): boolean {
    return this.done;
  }

  /** Takes bytes of the upstream; returns those that may be released now. */
  push(chunk: Buffer): Buffer | null {
    if (this.done || this.failure !== null) return null;
    if (this.#carryBytes === 0) return this.#take(chunk);
    this.#carry.push(chunk);
    this.#carryBytes += chunk.length;
    const first = chunk[0];
    const mayEndEvent = first === 0x0a || first === 0x0d || endOfLastEvent(chunk) >= 0;
    if (!mayEndEvent) return this.#checkSize();
    const joined = Buffer.concat(this.#carry);
    this.#keep(null);
    return this.#take(joined);
  }

  /** The upstream has ended. What is left is an event whose blank line is missing, or part of one. */
  end(): Buffer | null {
    if (this.done || this.failure !== null) return null;
    const rest = Buffer.concat([...this.#carry, BLANK_LINE]);
    const released = this.#carryBytes > 0 && TERMINAL.has(readEvent(rest)?.type ?? '') ? this.#readEvents(rest) : null;
    this.#keep(null);
    if (!this.done && this.#fault) this.failure ??= errorOfFault(this.#fault);
    return released;
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
    if (this.#carryBytes + this.#heldBytes > MAX_EVENT_BYTES) {
      this.#keep(null);
      this.failure = errorOfFault(brokenAnswer('The upstream sent an event that is too large.'));
    }
    return null;
  }

  #read(events: Buffer): Buffer | null {
    const needsParsing = this.#held !== null || MARKERS.some((marker) => events.includes(marker));
    const released = needsParsing ? this.#readEvents(events) : events;
    if (released) this.#countContent(released);
    return released;
  }

  #countContent(released: Buffer): void {
    for (const key of DELTA_KEYS) {
      for (let at = released.indexOf(key); at >= 0; at = released.indexOf(key, at + key.length))
        this.contentEvents += 1;
    }
    this.hasContent ||= this.contentEvents > 0 || released.includes(ITEM_DONE);
  }

  #readEvents(bytes: Buffer): Buffer | null {
    const released: Buffer[] = [];
    for (const event of splitEvents(bytes)) {
      released.push(...this.#readEvent(event));
      if (this.done || this.failure !== null) break;
    }
    return released.length === 0 ? null : Buffer.concat(released);
  }

  /** What may be released with this event. */
  #readEvent(bytes: Buffer): readonly Buffer[] {
    const event = readEvent(bytes);
    if (this.#held !== null && (event === null || PREAMBLE.has(event.type))) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
      this.#checkSize();
      return [];
    }
    if (event === null) return [bytes];
    if (event.fault) return this.#report(event.fault, event, bytes);
    if (TERMINAL.has(event.type)) return this.#finish(event, bytes);
    return [...this.#open(), bytes];
  }

  /** Before the answer a fault is a failure; amid it the events that tell of it pass, the last of them as the terminal one. */
  #report(fault: UpstreamFault, event: StreamEvent, bytes: Buffer): readonly Buffer[] {
    this.#fault ??= fault;
    const isTerminal = TERMINAL.has(event.type);
    if (this.#held === null && !isTerminal) return [bytes];
    if (this.#held === null) this.terminal = bytes;
    this.#readUsage(event);
    this.failure = errorOfFault(this.#fault);
    return [];
  }

  #finish(event: StreamEvent, bytes: Buffer): readonly Buffer[] {
    this.#readUsage(event);
    this.done = true;
    this.terminal = bytes;
    return this.#open();
  }

  #readUsage({ body }: StreamEvent): void {
    const usage = readWireUsage(objectOf(body['response'])?.['usage']);
    if (usage) this.usage = toTokenUsage(usage);
  }

  /** The preamble, once. */
  #open(): readonly Buffer[] {
    const held = this.#held ?? [];
    this.#held = null;
    this.#heldBytes = 0;
    return held;
  }
}

interface StreamEvent {
  readonly type: string;
  readonly body: JsonObject;
  readonly fault: UpstreamFault | null;
}

/** Null for comments and for what is no JSON object, which is not ours to judge. */
function readEvent(bytes: Buffer): StreamEvent | null {
  const data = eventData(bytes);
  if (data === undefined) return null;
  let body: JsonObject | undefined;
  try {
    body = objectOf(JSON.parse(data) as Json);
  } catch {
    // It passes as the upstream wrote it.
    return null;
  }
  if (!body) return null;
  const type = textOf(body['type']) ?? '';
  return { type, body, fault: faultOfEvent(type, body) };
}

function faultOfEvent(type: string, body: JsonObject): UpstreamFault | null {
  if (type === 'error') return faultIn(body) ?? faultOf({ ...body, type: null });
  if (type === '') return faultIn(body);
  if (type === 'response.cancelled') return brokenAnswer('The upstream cancelled its response.');
  if (!TERMINAL.has(type)) return null;
  const response = objectOf(body['response']);
  const fault = response ? faultIn(response) : null;
  return type === 'response.failed' ? (fault ?? brokenAnswer('The upstream failed without saying why.')) : fault;
}
