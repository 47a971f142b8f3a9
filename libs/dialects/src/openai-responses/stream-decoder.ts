import type { CanonicalEvent, UpstreamFault } from '../canonical/canonical-event.ts';
import type { DecodeAnswerContext, StreamDecoder } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { SseEvent } from '../sse/sse-event.ts';
import { brokenAnswer, faultIn, faultOf } from './errors.ts';
import { readFinish } from './finish-reason.ts';
import type { AnswerProgress } from './item-reader.ts';
import { countOf, numberOf, objectOf, objectsOf, textOf } from './json-fields.ts';
import { OutputReaders } from './output-readers.ts';
import { readWireUsage } from './wire-usage.ts';

type Handler = (event: JsonObject) => readonly CanonicalEvent[];

/**
 * Reads a stream of response events. Each event does what is still to be done, so that deltas without an announced item,
 * items without deltas and a last event without output all give the same; an answer that just stops is an error.
 */
export class ResponsesStreamDecoder implements StreamDecoder {
  readonly #progress: AnswerProgress;
  readonly #output: OutputReaders;
  #started = false;
  #over = false;
  readonly #handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['response.created', (event) => this.#start(event)],
    ['response.in_progress', (event) => this.#start(event)],
    ['response.queued', (event) => this.#start(event)],
    ['response.output_item.added', (event) => this.#output.added(event, objectOf(event['item']) ?? {})],
    ['response.output_item.done', (event) => this.#output.done(event, objectOf(event['item']) ?? {})],
    ['response.output_text.delta', (event) => this.#textDelta(event)],
    ['response.output_text.done', (event) => this.#output.message(event).whole(contentIndex(event), event)],
    ['response.output_text.annotation.added', (event) => this.#annotation(event)],
    ['response.refusal.delta', (event) => this.#output.message(event).refusal(contentIndex(event), delta(event))],
    ['response.refusal.done', (event) => this.#output.message(event).whole(contentIndex(event), event)],
    ['response.reasoning_summary_text.delta', (event) => this.#reasoningDelta(event, 'summary')],
    ['response.reasoning_summary_text.done', (event) => this.#reasoningDone(event, 'summary')],
    ['response.reasoning_text.delta', (event) => this.#reasoningDelta(event, 'content')],
    ['response.reasoning_text.done', (event) => this.#reasoningDone(event, 'content')],
    ['response.function_call_arguments.delta', (event) => this.#output.call(event, 'function').delta(delta(event))],
    ['response.function_call_arguments.done', (event) => this.#output.call(event, 'function').argumentsDone(event)],
    ['response.custom_tool_call_input.delta', (event) => this.#output.call(event, 'custom').delta(delta(event))],
    ['response.custom_tool_call_input.done', (event) => this.#output.call(event, 'custom').argumentsDone(event)],
    ['response.completed', (event) => this.#complete(event)],
    ['response.incomplete', (event) => this.#complete(event)],
    ['response.failed', (event) => this.#complete(event)],
    ['response.cancelled', () => this.#fail(brokenAnswer('The upstream cancelled its response.'))],
    ['error', (event) => this.#fail(faultIn(event) ?? faultOf({ ...event, type: null }))],
  ]);

  constructor(context: DecodeAnswerContext) {
    this.#progress = { context, textLength: 0, calls: false, refused: false };
    this.#output = new OutputReaders(this.#progress);
  }

  push({ event: name, data }: SseEvent): readonly CanonicalEvent[] {
    if (this.#over || data.trim() === '[DONE]') return [];
    const event = parsed(data);
    if (!event) return this.#fail(brokenAnswer('The upstream sent an event that cannot be read.'));
    const type = textOf(event['type']) ?? name ?? '';
    const handle = this.#handlers.get(type);
    if (handle) return this.#begun(handle(event));
    const fault = type === '' ? faultIn(event) : null;
    return fault ? this.#fail(fault) : [];
  }

  end(): readonly CanonicalEvent[] {
    return this.#over ? [] : this.#fail(brokenAnswer('The upstream ended its answer before it was complete.'));
  }

  /** Providers that never announce their response get one announced before its content. A fault ends the answer at once. */
  #begun(events: readonly CanonicalEvent[]): readonly CanonicalEvent[] {
    const failure = events.findIndex(({ type }) => type === 'error');
    if (failure >= 0) {
      this.#over = true;
      return events.slice(0, failure + 1);
    }
    if (this.#started || events.length === 0 || events[0]?.type === 'start') return events;
    return [...this.#start({}), ...events];
  }

  #start(event: JsonObject): readonly CanonicalEvent[] {
    if (this.#started) return [];
    this.#started = true;
    const response = responseIn(event);
    const created = numberOf(response['created_at']);
    const id = textOf(response['id']) ?? this.#progress.context.createId();
    const model = textOf(response['model']) ?? '';
    return [{ type: 'start', id, model, ...(created !== undefined && { created: Math.trunc(created) }) }];
  }

  #textDelta(event: JsonObject): readonly CanonicalEvent[] {
    return this.#output.message(event).text(contentIndex(event), delta(event), event['logprobs']);
  }

  #annotation(event: JsonObject): readonly CanonicalEvent[] {
    const annotation = objectOf(event['annotation']);
    return annotation ? this.#output.message(event).annotation(contentIndex(event), annotation) : [];
  }

  #reasoningDelta(event: JsonObject, source: 'summary' | 'content'): readonly CanonicalEvent[] {
    return this.#output.reasoning(event).text(source, partIndex(event), delta(event));
  }

  #reasoningDone(event: JsonObject, source: 'summary' | 'content'): readonly CanonicalEvent[] {
    return this.#output.reasoning(event).whole(source, partIndex(event), textOf(event['text']) ?? '');
  }

  /** The terminal event. Its response may say otherwise than its name. */
  #complete(event: JsonObject): readonly CanonicalEvent[] {
    const response = responseIn(event);
    const usage = readWireUsage(response['usage']);
    const counted: readonly CanonicalEvent[] = usage ? [{ type: 'usage', usage }] : [];
    if (isFailed(event, response)) {
      const fault = faultIn(response) ?? brokenAnswer('The upstream failed without saying why.');
      return [...counted, ...this.#fail(fault)];
    }
    const rest = this.#output.complete(objectsOf(response['output']));
    this.#over = true;
    const status = event['type'] === 'response.incomplete' ? 'incomplete' : response['status'];
    const finish = readFinish({ ...response, status }, this.#progress);
    const serviceTier = textOf(response['service_tier']);
    return [
      ...rest,
      ...counted,
      { type: 'finish', finish, ...(serviceTier !== undefined && { serviceTier }) },
      { type: 'end' },
    ];
  }

  #fail(error: UpstreamFault): readonly CanonicalEvent[] {
    this.#over = true;
    return [{ type: 'error', error }];
  }
}

function parsed(data: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(data) as Json);
  } catch {
    // Told apart from an event without content by the caller, who ends the answer.
    return undefined;
  }
}

/** Some providers send the response bare. */
const responseIn = (event: JsonObject): JsonObject =>
  objectOf(event['response']) ?? (event['object'] === 'response' ? event : {});

function isFailed(event: JsonObject, response: JsonObject): boolean {
  const { status } = response;
  return (
    event['type'] === 'response.failed' || status === 'failed' || status === 'cancelled' || faultIn(response) !== null
  );
}

const delta = (event: JsonObject): string => textOf(event['delta']) ?? '';
const contentIndex = (event: JsonObject): number => countOf(event['content_index']) ?? 0;
const partIndex = (event: JsonObject): number =>
  countOf(event['summary_index']) ?? countOf(event['content_index']) ?? 0;
