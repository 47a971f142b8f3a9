import { GatewayError, type TokenUsage } from '@penstock/contracts';
import type { UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json } from '../canonical/json.ts';
import { toTokenUsage } from '../canonical/to-token-usage.ts';
import { endOfLastEvent, eventData, splitEvents } from '../sse/event-boundary.ts';
import { faultOf } from './errors.ts';
import { objectOf } from './json-fields.ts';
import { usageOf } from './read-usage.ts';

const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);
const bytesOf = (texts: readonly string[]): readonly Buffer[] => texts.map((text) => Buffer.from(text));
const ERROR_KEY = Buffer.from('"error"');
const USAGE_KEYS = bytesOf(['"promptTokenCount"', '"candidatesTokenCount"']);
const FINISH_KEYS = bytesOf(['"finishReason"', '"blockReason"']);
const CONTENT_KEYS = bytesOf(['"functionCall"', '"inlineData"', '"executableCode"', '"codeExecutionResult"']);
/** A text with at least one character; Google writes a blank behind the colon. */
const TEXT = /"text"\s*:\s*"[^"]/;

/**
 * Reads along while a stream of `streamGenerateContent?alt=sse` passes through. Bytes leave untouched and only as whole
 * events. Gemini has no end marker: an event with a finish reason is one, so it waits, with all behind it, for the end of
 * the stream and becomes `terminal`. Correct for every split of the bytes.
 */
export class GenerateStreamReader {
  #carry: Buffer[] = [];
  #carryBytes = 0;
  /** From the latest event on that says why the model stopped. */
  #withheld: Buffer[] = [];
  #withheldBytes = 0;
  #usageEvent: Buffer | null = null;
  /** The upstream has ended and had said why the model stopped. */
  done = false;
  /** The upstream said or did something that makes the answer a failure. */
  failure: GatewayError | null = null;
  /** What the upstream itself said of it. */
  reported: UpstreamFault | null = null;
  /** Events since the first one with content. */
  contentEvents = 0;
  hasContent = false;

  /** A finish reason, or the refusal of a prompt, has come. */
  get finished(): boolean {
    return this.#withheld.length > 0;
  }

  /** What the relay writes once `done`; null for a failure, which the gateway tells in its own words. */
  get terminal(): Buffer | null {
    return this.done ? Buffer.concat(this.#withheld) : null;
  }

  /** Usage as the upstream reported it last; every event repeats it, so it is parsed only when it is asked for. */
  get usage(): TokenUsage | null {
    const chunk = this.#usageEvent && parseEvent(this.#usageEvent);
    const usage = usageOf(objectOf(chunk ?? undefined)?.['usageMetadata']);
    return usage && toTokenUsage(usage);
  }

  /** Takes bytes of the upstream; returns those that may be released now. */
  push(chunk: Buffer): Buffer | null {
    if (this.done || this.failure !== null) return null;
    this.#carry.push(chunk);
    this.#carryBytes += chunk.length;
    if (!mayEndEvent(chunk)) return this.#checkSize();
    const bytes = Buffer.concat(this.#carry);
    const end = endOfLastEvent(bytes);
    this.#keep(end < 0 ? bytes : bytes.subarray(end));
    return end < 0 ? this.#checkSize() : this.#readEvents(bytes.subarray(0, end));
  }

  /** The upstream has ended; an event whose blank line is missing counts too when it is whole. */
  end(): Buffer | null {
    if (this.done || this.failure !== null) return null;
    const rest = Buffer.concat(this.#carry);
    this.#keep(NOTHING);
    const released = this.#readRest(rest);
    this.done = this.failure === null && this.finished;
    return released;
  }

  /** Half of an event is dropped; the second half of a line end still belongs to the event before it. */
  #readRest(rest: Buffer): Buffer | null {
    if (rest.length === 0) return null;
    if (eventData(rest) !== undefined) return parseEvent(rest) === undefined ? null : this.#readEvents(rest);
    if (!this.finished) return rest;
    this.#withheld.push(rest);
    return null;
  }

  #keep(rest: Buffer): void {
    this.#carry = rest.length > 0 ? [rest] : [];
    this.#carryBytes = rest.length;
  }

  #checkSize(): null {
    if (this.#carryBytes + this.#withheldBytes > MAX_EVENT_BYTES) {
      this.#keep(NOTHING);
      this.failure = new GatewayError('upstream_error', 'The upstream sent an event that is too large.');
    }
    return null;
  }

  #readEvents(bytes: Buffer): Buffer | null {
    const released: Buffer[] = [];
    for (const event of splitEvents(bytes)) {
      this.#readEvent(event, released);
      if (this.failure !== null) break;
    }
    this.#checkSize();
    return released.length === 0 ? null : Buffer.concat(released);
  }

  #readEvent(event: Buffer, released: Buffer[]): void {
    if (event.includes(ERROR_KEY)) this.#readError(event);
    if (this.failure !== null) return;
    if (includesAny(event, USAGE_KEYS)) this.#usageEvent = event;
    if (!this.hasContent) this.hasContent = includesAny(event, CONTENT_KEYS) || TEXT.test(event.toString('utf8'));
    if (this.hasContent) this.contentEvents += 1;
    // Of several candidates an earlier one may be through: what was held back is no end then.
    if (includesAny(event, FINISH_KEYS)) released.push(...this.#takeWithheld());
    else if (!this.finished) {
      released.push(event);
      return;
    }
    this.#withheld.push(event);
    this.#withheldBytes += event.length;
  }

  #readError(event: Buffer): void {
    const chunk = parseEvent(event);
    const fault = chunk === undefined ? null : faultOf(chunk, 200);
    if (!fault) return;
    this.reported = fault;
    const upstream = { type: fault.type, code: fault.code };
    this.failure = new GatewayError('upstream_error', fault.message, { upstream });
  }

  #takeWithheld(): Buffer[] {
    const events = this.#withheld;
    this.#withheld = [];
    this.#withheldBytes = 0;
    return events;
  }
}

/** An event ends with a blank line, of which the first half may have come before. */
function mayEndEvent(chunk: Buffer): boolean {
  const first = chunk[0];
  return first === 0x0a || first === 0x0d || endOfLastEvent(chunk) >= 0;
}

function includesAny(event: Buffer, keys: readonly Buffer[]): boolean {
  return keys.some((key) => event.includes(key));
}

/** Undefined for an event without data, and for one that is no JSON, which is not ours to judge. */
function parseEvent(event: Buffer): Json | undefined {
  try {
    return JSON.parse(eventData(event) ?? '') as Json;
  } catch {
    // The event passes through as the upstream wrote it.
    return undefined;
  }
}
