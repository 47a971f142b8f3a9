import type { CanonicalEvent, UpstreamFault } from '../canonical/canonical-event.ts';
import type { DecodeAnswerContext, StreamDecoder } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { objectOf, stringOf, textOf } from '../gemini/json-fields.ts';
import type { SseEvent } from '../sse/sse-event.ts';
import { decodeCitation } from './decode-citation.ts';
import { faultOf, upstreamFault } from './errors.ts';
import { finishOf } from './finish.ts';
import { usageOf } from './read-usage.ts';

/** Names of exceptions, which AWS adds to freely; events have no such names. */
const EXCEPTION = /(?:exception|error|failure)$/i;

/** Reads `converse-stream`, as `EventStreamParser` gives it: the event's name is its type, its data the body. */
export function createStreamDecoder(context: DecodeAnswerContext): StreamDecoder {
  return new ConverseStreamDecoder(context);
}

class ConverseStreamDecoder implements StreamDecoder {
  readonly #context: DecodeAnswerContext;
  /** What kind of block is open, by its index on the wire. */
  readonly #open = new Map<string, 'tool-call' | 'part' | 'hidden'>();
  #hasContent = false;
  #hasCalls = false;
  #finished = false;
  #over = false;

  constructor(context: DecodeAnswerContext) {
    this.#context = context;
  }

  push({ event, data }: SseEvent): readonly CanonicalEvent[] {
    if (this.#over) return [];
    const body = parse(data);
    if (event !== null && EXCEPTION.test(event)) return this.#fail(exceptionFault(event, body));
    if (body === undefined) return this.#fail(upstreamFault('The upstream sent an event that is no JSON.'));
    return this.#event(event, body);
  }

  #event(event: string | null, body: JsonObject): readonly CanonicalEvent[] {
    switch (event) {
      case 'messageStart':
        return [{ type: 'start', id: this.#context.createId(), model: '' }];
      case 'contentBlockStart':
        return this.#startBlock(body);
      case 'contentBlockDelta':
        return this.#delta(objectOf(body['delta']) ?? {}, keyOf(body));
      case 'contentBlockStop':
        return this.#endBlock(keyOf(body));
      case 'messageStop':
        return this.#stop(textOf(body['stopReason']) ?? '');
      case 'metadata':
        return this.#metadata(body);
      default:
        // Kinds of events that AWS may add tell nothing that a caller could be told.
        return [];
    }
  }

  end(): readonly CanonicalEvent[] {
    if (this.#over) return [];
    if (!this.#finished) return this.#fail(upstreamFault('The upstream ended its answer before it was complete.'));
    this.#over = true;
    return [{ type: 'end' }];
  }

  #startBlock(body: JsonObject): CanonicalEvent[] {
    const key = keyOf(body);
    const toolUse = objectOf(objectOf(body['start'])?.['toolUse']);
    if (!toolUse) return [];
    if (toolUse['type'] === 'server_tool_use') {
      this.#open.set(key, 'hidden');
      return [];
    }
    this.#open.set(key, 'tool-call');
    this.#hasCalls = true;
    const id = textOf(toolUse['toolUseId']) ?? this.#context.createId();
    return [{ type: 'tool-call-start', key, id, name: stringOf(toolUse['name']) ?? '', kind: 'function' }];
  }

  #delta(delta: JsonObject, key: string): CanonicalEvent[] {
    const input = textOf(objectOf(delta['toolUse'])?.['input']);
    if (input !== undefined) {
      return this.#open.get(key) === 'tool-call' ? [{ type: 'tool-call-arguments', key, text: input }] : [];
    }
    const text = textOf(delta['text']);
    const events = text === undefined ? this.#otherDelta(delta, key) : this.#text(text, key);
    if (events.length > 0) this.#open.set(key, 'part');
    return events;
  }

  #text(text: string, key: string): CanonicalEvent[] {
    this.#hasContent = true;
    return [{ type: 'text', key, text }];
  }

  #otherDelta(delta: JsonObject, key: string): CanonicalEvent[] {
    const reasoning = objectOf(delta['reasoningContent']);
    if (reasoning) return this.#reasoning(reasoning, key);
    const citation = decodeCitation(objectOf(delta['citation']) ?? {});
    return citation ? [{ type: 'citation', key, citation }] : [];
  }

  #reasoning(reasoning: JsonObject, key: string): CanonicalEvent[] {
    const { origin } = this.#context;
    const text = textOf(reasoning['text']);
    const value = textOf(reasoning['signature']);
    const hidden = textOf(reasoning['redactedContent']);
    return [
      ...(text === undefined ? [] : [{ type: 'reasoning', key, text } as const]),
      ...(value === undefined ? [] : [{ type: 'reasoning-signature', key, signature: { ...origin, value } } as const]),
      ...(hidden === undefined
        ? []
        : [{ type: 'reasoning-signature', key, signature: { ...origin, value: hidden }, redacted: true } as const]),
    ];
  }

  #endBlock(key: string): CanonicalEvent[] {
    const kind = this.#open.get(key);
    this.#open.delete(key);
    if (kind === 'tool-call') return [{ type: 'tool-call-end', key }];
    return kind === 'part' ? [{ type: 'part-end', key }] : [];
  }

  /** Blocks that were not closed are complete with the message. */
  #stop(stopReason: string): CanonicalEvent[] {
    const finish = finishOf(stopReason, this.#hasCalls);
    if (finish.reason === 'malformed' && !this.#hasContent && !this.#hasCalls) {
      return this.#fail(upstreamFault('The model gave an answer that cannot be used.'));
    }
    this.#finished = true;
    return [...[...this.#open.keys()].flatMap((key) => this.#endBlock(key)), { type: 'finish', finish }];
  }

  /** Comes behind the stop. */
  #metadata(body: JsonObject): CanonicalEvent[] {
    const usage = usageOf(body['usage']);
    return usage ? [{ type: 'usage', usage }] : [];
  }

  #fail(error: UpstreamFault): CanonicalEvent[] {
    this.#over = true;
    return [{ type: 'error', error }];
  }
}

function keyOf(body: JsonObject): string {
  return `b${JSON.stringify(body['contentBlockIndex'] ?? 0)}`;
}

function exceptionFault(event: string, body: JsonObject | undefined): UpstreamFault {
  return faultOf(body ?? {}, 200, event) ?? upstreamFault('The upstream reported an error in its stream.');
}

function parse(data: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(data) as Json);
  } catch {
    // The caller makes an error of it, since an event that is skipped would be a hole in the answer.
    return undefined;
  }
}
