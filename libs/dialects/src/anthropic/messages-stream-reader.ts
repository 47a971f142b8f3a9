import { GatewayError, type TokenUsage } from '@penstock/contracts';
import type { UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { toTokenUsage } from '../canonical/to-token-usage.ts';
import { eventData, splitEvents } from '../sse/event-boundary.ts';
import { faultOf } from './errors.ts';
import { brokenAnswer, gatewayErrorOf } from './faults.ts';
import { isObject } from './read-fields.ts';
import { canonicalUsageOf, mergeUsage } from './wire-usage.ts';
import { WholeEvents } from './whole-events.ts';

/** Bytes that are held back at most until the first content; what comes before it is one small event. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;

/** Strings by which an event of interest is found; within text their quotes are escaped, so content never looks like one. */
const INTERESTING = ['"message_start"', '"message_delta"', '"message_stop"', '"error"'].map((text) =>
  Buffer.from(text),
);
const CONTENT = Buffer.from('"content_block_');
const CONTENT_DELTA = Buffer.from('"content_block_delta"');

/**
 * Reads along while a stream of Messages passes through. Bytes leave untouched and only as whole events; an event is parsed
 * only when it holds usage, an error or the end. Nothing is released before the first content, so that an early failure can
 * still become an error answer or another attempt. Correct for every split of the bytes.
 */
export class MessagesStreamReader {
  readonly #events = new WholeEvents();
  #held: Buffer[] = [];
  #heldBytes = 0;
  #usage: JsonObject | null = null;
  /** `message_stop` has arrived; nothing after it is released. */
  done = false;
  /** The answer has its stop reason, and its usage is final. */
  finished = false;
  /** The upstream said or did something that makes the answer a failure. With `terminal` the caller is told by the upstream. */
  failure: GatewayError | null = null;
  /** What the upstream itself said that makes the answer a failure. */
  reported: UpstreamFault | null = null;
  /**
   * The upstream's own last event, `message_stop` or an `error` after content, as it came. It is for the relay to write, once
   * the usage is on the spool.
   */
  terminal: Buffer | null = null;
  /** Content has arrived and bytes are released. */
  hasContent = false;
  /** Pieces of content: no more than the tokens that were generated. */
  contentEvents = 0;

  /**
   * Usage as far as it is known; null before the first report. Until the final report, the output counts as one token for each
   * piece of content, since a stream that is broken off never tells it.
   */
  get usage(): TokenUsage | null {
    const usage = canonicalUsageOf(this.#usage ?? undefined);
    if (usage === null) return null;
    return toTokenUsage(this.finished ? usage : { ...usage, output: Math.max(usage.output, this.contentEvents) });
  }

  /** Takes bytes of the upstream; returns those that may be released now. */
  push(chunk: Buffer): Buffer | null {
    if (this.done || this.failure !== null) return null;
    const events = this.#events.push(chunk);
    if (this.#events.isTooLarge) this.#fail('The upstream sent an event that is too large.');
    return events === null || this.failure !== null ? null : this.#read(events);
  }

  /** The upstream has ended. What is left may be the last event without its blank line. */
  end(): Buffer | null {
    if (this.done || this.failure !== null) return null;
    const rest = this.#events.end();
    const type = rest.length === 0 ? undefined : parse(rest)?.['type'];
    return type === 'message_stop' || type === 'error' ? this.#read(rest) : null;
  }

  #read(events: Buffer): Buffer | null {
    const isPlain = !INTERESTING.some((text) => events.includes(text));
    const passed = isPlain ? this.#pass(events) : this.#readEvents(events);
    if (passed === null || this.hasContent) return this.#release(passed);
    this.#held.push(passed);
    this.#heldBytes += passed.length;
    if (this.#heldBytes > MAX_HELD_BYTES) this.#fail('The upstream sent too much before its answer.');
    return null;
  }

  #release(passed: Buffer | null): Buffer | null {
    if (this.#held.length === 0) return passed;
    if (!this.hasContent) return null;
    const all = passed === null ? this.#held : [...this.#held, passed];
    this.#held = [];
    return Buffer.concat(all);
  }

  #pass(events: Buffer): Buffer {
    if (!this.hasContent) this.hasContent = events.includes(CONTENT);
    for (
      let at = events.indexOf(CONTENT_DELTA);
      at >= 0;
      at = events.indexOf(CONTENT_DELTA, at + CONTENT_DELTA.length)
    ) {
      this.contentEvents += 1;
    }
    return events;
  }

  #readEvents(bytes: Buffer): Buffer | null {
    const passed: Buffer[] = [];
    for (const event of splitEvents(bytes)) {
      if (this.#readEvent(event)) passed.push(this.#pass(event));
      if (this.done || this.failure !== null) break;
    }
    return passed.length === 0 ? null : Buffer.concat(passed);
  }

  /** Whether the event is for the caller now. */
  #readEvent(event: Buffer): boolean {
    const value = parse(event);
    switch (value?.['type']) {
      case 'message_start':
        this.#usage = mergeUsage(this.#usage, isObject(value['message']) ? value['message']['usage'] : undefined);
        return true;
      case 'message_delta':
        this.#usage = mergeUsage(this.#usage, value['usage']);
        this.finished = true;
        this.hasContent = true;
        return true;
      case 'message_stop':
        this.done = true;
        this.hasContent = true;
        this.terminal = event;
        return false;
      case 'error':
        this.reported = faultOf(value) ?? brokenAnswer('The upstream reported an error in the stream.');
        this.failure = gatewayErrorOf(this.reported);
        if (this.hasContent) this.terminal = event;
        return false;
      // Not ours to judge: the event passes through as the upstream wrote it.
      default:
        return true;
    }
  }

  #fail(message: string): void {
    this.failure = new GatewayError('upstream_error', message);
  }
}

function parse(event: Buffer): JsonObject | undefined {
  const data = eventData(event);
  if (data === undefined) return undefined;
  try {
    const value = JSON.parse(data) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    // Not ours to judge: the event passes through as the upstream wrote it.
    return undefined;
  }
}
