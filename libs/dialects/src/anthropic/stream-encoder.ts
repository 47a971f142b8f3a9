import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import type { CanonicalUsage } from '../canonical/canonical-usage.ts';
import type { EncodeAnswerContext, StreamEncoder } from '../canonical/dialect-codec.ts';
import { BlockWriter, type PartEvent } from './block-writer.ts';
import { renderErrorFrame } from './errors.ts';
import { eventFrame } from './event-frame.ts';
import { gatewayErrorOf } from './faults.ts';
import { messageFrame } from './message-frame.ts';
import type { WireDeltaUsage, WireUsage } from './schema.ts';
import { wireStopOf } from './stop-reason.ts';
import { wireUsageOf } from './wire-usage.ts';

/**
 * Writes a message as a stream. Its blocks come one after the other, since many clients know no other order: while a tool call
 * is open, what belongs elsewhere waits. `message_start` waits for the first content, so that an early failure can still
 * become an error answer; the finish waits for `end`, since usage may follow it.
 */
export class AnthropicStreamEncoder implements StreamEncoder {
  readonly #context: EncodeAnswerContext;
  readonly #blocks: BlockWriter;
  #upstreamId = '';
  #isStarted = false;
  #isOver = false;
  #usage: Partial<CanonicalUsage>;
  #finish: Finish = { reason: 'stop' };
  /** What arrived while a call was open that it is no part of, in its order. */
  #waiting: PartEvent[] = [];

  constructor(context: EncodeAnswerContext) {
    this.#context = context;
    this.#usage = { inputUncached: context.estimatedInputTokens };
    this.#blocks = new BlockWriter(context.request.reasoning?.display !== 'omitted');
  }

  push(event: CanonicalEvent): string {
    if (this.#isOver || ('choice' in event && (event.choice ?? 0) !== 0)) return '';
    switch (event.type) {
      case 'start':
        this.#upstreamId = event.id;
        return '';
      case 'usage':
        this.#usage = { ...this.#usage, ...event.usage };
        return '';
      case 'finish':
        this.#finish = event.finish;
        return '';
      case 'ping':
        return eventFrame({ type: 'ping' });
      case 'error':
        this.#isOver = true;
        return renderErrorFrame(gatewayErrorOf(event.error), this.#context.requestId);
      case 'end':
        return this.#end();
      default:
        return this.#place(event) + this.#release();
    }
  }

  /** Writes what belongs to the open call or is next in turn; the rest waits. */
  #place(event: PartEvent): string {
    const { openCall } = this.#blocks;
    const isNext = openCall === null ? this.#waiting.length === 0 : openCall === event.key;
    if (!isNext) {
      this.#waiting.push(event);
      return '';
    }
    const start = isContent(event) ? this.#start() : '';
    return start + this.#blocks.write(event);
  }

  /** Lets go of what waits as long as no call is open; a call that this opens makes the others wait again. */
  #release(): string {
    let frames = '';
    while (this.#blocks.openCall === null && this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const event of waiting) frames += this.#place(event);
    }
    return frames;
  }

  #start(): string {
    if (this.#isStarted) return '';
    this.#isStarted = true;
    const message = {
      ...messageFrame(this.#upstreamId, this.#context),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: wireUsageOf(this.#usage),
    };
    return eventFrame({ type: 'message_start', message });
  }

  #end(): string {
    let frames = this.#start() + this.#blocks.close() + this.#release();
    while (this.#blocks.openCall !== null) frames += this.#blocks.close() + this.#release();
    this.#isOver = true;
    const { stop_reason, stop_sequence, stop_details } = wireStopOf(this.#finish, this.#blocks.hasCalls);
    const delta = { container: null, stop_reason, stop_sequence, stop_details };
    const usage = deltaUsageOf(wireUsageOf(this.#usage));
    return (
      frames +
      this.#blocks.close() +
      eventFrame({ type: 'message_delta', delta, usage }) +
      eventFrame({ type: 'message_stop' })
    );
  }
}

/** Whether the event is the beginning of something to read, so that the message has begun. */
function isContent(event: PartEvent): boolean {
  switch (event.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return event.text !== '';
    case 'reasoning-signature':
    case 'tool-call-start':
      return true;
    default:
      return false;
  }
}

function deltaUsageOf(usage: WireUsage): WireDeltaUsage {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage;
  const { output_tokens, output_tokens_details, server_tool_use } = usage;
  return {
    input_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
    output_tokens,
    output_tokens_details,
    server_tool_use,
  };
}
