import type { CanonicalEvent, UpstreamFault } from '../canonical/canonical-event.ts';
import type { Finish } from '../canonical/canonical-response.ts';
import type { DecodeAnswerContext, StreamDecoder } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { SseEvent } from '../sse/sse-event.ts';
import { decodeCitation } from './decode-content.ts';
import { faultOf } from './errors.ts';
import { brokenAnswer } from './faults.ts';
import { given } from './given.ts';
import { isObject } from './read-fields.ts';
import { finishOf } from './stop-reason.ts';
import { canonicalUsageOf, mergeUsage, serviceTierOf } from './wire-usage.ts';

type Events = readonly CanonicalEvent[];
type BlockKind = 'text' | 'thinking' | 'tool' | 'other';

interface Block {
  readonly key: string;
  readonly kind: BlockKind;
  /** Where its text begins in the text of the whole answer. */
  readonly offset: number;
}

const NOTHING: Events = [];

/** Blocks of any other type are Anthropic's alone and do not leave its dialect. */
const KINDS: ReadonlyMap<Json | undefined, BlockKind> = new Map([
  ['text', 'text'],
  ['thinking', 'thinking'],
  ['tool_use', 'tool'],
]);

/** Reads the events of a message as api.anthropic.com and its imitators send them. */
export class AnthropicStreamDecoder implements StreamDecoder {
  readonly #context: DecodeAnswerContext;
  readonly #blocks = new Map<number, Block>();
  #messageId: string | null = null;
  #usage: JsonObject | null = null;
  #stop: JsonObject | null = null;
  #textLength = 0;
  /** Blocks so far, by which their keys are made. */
  #opened = 0;
  #hasCalls = false;
  #ended = false;

  constructor(context: DecodeAnswerContext) {
    this.#context = context;
  }

  push({ event, data }: SseEvent): Events {
    // Some servers close with OpenAI's marker, which says nothing here.
    if (this.#ended || data.trim() === '[DONE]') return NOTHING;
    const value = parse(data);
    if (!isObject(value)) return this.#fail(brokenAnswer('The upstream sent an event that is no JSON object.'));
    return this.#read(value['type'] ?? event, value);
  }

  end(): Events {
    return this.#ended ? NOTHING : this.#fail(brokenAnswer('The upstream ended its answer before it was complete.'));
  }

  #read(type: Json, event: JsonObject): Events {
    switch (type) {
      case 'message_start':
        return this.#start(event);
      case 'content_block_start':
        return this.#startBlock(event);
      case 'content_block_delta':
        return this.#changeBlock(event);
      case 'content_block_stop':
        return this.#endBlock(event);
      case 'message_delta':
        return this.#changeMessage(event);
      case 'message_stop':
        return this.#complete();
      case 'ping':
        return [{ type: 'ping' }];
      case 'error':
        return this.#fail(faultOf({ ...event, type: 'error' }) ?? brokenAnswer('The upstream reported an error.'));
      // Kinds of events that are not known, now or in the future, carry nothing that could be passed on.
      default:
        return NOTHING;
    }
  }

  #start(event: JsonObject): Events {
    const message = isObject(event['message']) ? event['message'] : {};
    const id = textOf(message['id']);
    if (this.#messageId !== null) {
      return id === this.#messageId ? NOTHING : this.#fail(brokenAnswer('The upstream began a second message.'));
    }
    this.#messageId = id;
    return [{ type: 'start', id, model: textOf(message['model']) }, ...this.#readUsage(message['usage'])];
  }

  #startBlock(event: JsonObject): Events {
    const content = isObject(event['content_block']) ? event['content_block'] : {};
    // Some servers give every block the same index and forget to end the one before.
    const before = this.#endBlock(event);
    const block = this.#open(indexOf(event), KINDS.get(content['type']) ?? 'other');
    return [...before, ...this.#firstOf(block, content)];
  }

  #open(index: number, kind: BlockKind): Block {
    const block = { key: String(this.#opened), kind, offset: this.#textLength };
    this.#opened += 1;
    this.#blocks.set(index, block);
    return block;
  }

  /** What a block already holds when it begins. */
  #firstOf(block: Block, content: JsonObject): Events {
    const { key } = block;
    switch (content['type']) {
      case 'text':
        return this.#text(block, textOf(content['text']));
      case 'thinking':
        return [...reasoning(key, textOf(content['thinking'])), ...this.#signature(key, textOf(content['signature']))];
      case 'redacted_thinking':
        return this.#signature(key, textOf(content['data']), true);
      case 'tool_use':
        return this.#startCall(key, content);
      default:
        return NOTHING;
    }
  }

  #startCall(key: string, content: JsonObject): Events {
    this.#hasCalls = true;
    const id = textOf(content['id']) || this.#context.createId();
    const call = { type: 'tool-call-start', key, id, name: textOf(content['name']), kind: 'function' } as const;
    const { input } = content;
    // Usually an empty object, whose pieces follow; some servers send all of it at once.
    if (!isObject(input) || Object.keys(input).length === 0) return [call];
    return [call, { type: 'tool-call-arguments', key, text: JSON.stringify(input) }];
  }

  #changeBlock(event: JsonObject): Events {
    const index = indexOf(event);
    const delta = isObject(event['delta']) ? event['delta'] : {};
    const block = this.#blocks.get(index) ?? this.#lateBlock(index, delta);
    if (block === undefined)
      return this.#fail(brokenAnswer('The upstream sent arguments of a call that it never began.'));
    if (block.kind === 'other') return NOTHING;
    switch (delta['type']) {
      case 'text_delta':
        return this.#text(block, textOf(delta['text']));
      case 'thinking_delta':
        return reasoning(block.key, textOf(delta['thinking']));
      case 'signature_delta':
        return this.#signature(block.key, textOf(delta['signature']));
      case 'input_json_delta':
        return callArguments(block.key, textOf(delta['partial_json']));
      case 'citations_delta':
        return this.#citation(block, delta['citation']);
      default:
        return NOTHING;
    }
  }

  /** A block whose start was left out. Only a call cannot do without: its name is there. */
  #lateBlock(index: number, delta: JsonObject): Block | undefined {
    if (delta['type'] === 'input_json_delta') return undefined;
    const isThinking = delta['type'] === 'thinking_delta' || delta['type'] === 'signature_delta';
    return this.#open(index, isThinking ? 'thinking' : 'text');
  }

  #endBlock(event: JsonObject): Events {
    const index = indexOf(event);
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    return block === undefined ? NOTHING : blockEnd(block);
  }

  #changeMessage(event: JsonObject): Events {
    const delta = isObject(event['delta']) ? event['delta'] : {};
    if (typeof delta['stop_reason'] === 'string') this.#stop ??= delta;
    return this.#readUsage(event['usage']);
  }

  /** The finish waits for this event: before it the answer may still turn out to be cut off. */
  #complete(): Events {
    const open = [...this.#blocks.values()].flatMap(blockEnd);
    this.#ended = true;
    const serviceTier = serviceTierOf(this.#usage ?? undefined);
    return [...open, { type: 'finish', finish: this.#finish(), ...given('serviceTier', serviceTier) }, { type: 'end' }];
  }

  #finish(): Finish {
    const stop = this.#stop ?? {};
    return finishOf(
      { reason: stop['stop_reason'], sequence: stop['stop_sequence'], details: stop['stop_details'] },
      this.#hasCalls,
    );
  }

  #fail(error: UpstreamFault): Events {
    this.#ended = true;
    return [{ type: 'error', error }];
  }

  #readUsage(report: Json | undefined): Events {
    this.#usage = mergeUsage(this.#usage, report);
    const usage = isObject(report) ? canonicalUsageOf(this.#usage ?? undefined) : null;
    return usage === null ? NOTHING : [{ type: 'usage', usage }];
  }

  #text({ key }: Block, text: string): Events {
    this.#textLength += text.length;
    return text === '' ? NOTHING : [{ type: 'text', key, text }];
  }

  #signature(key: string, value: string, redacted?: true): Events {
    if (value === '') return NOTHING;
    const signature = { ...this.#context.origin, value };
    return [{ type: 'reasoning-signature', key, signature, ...given('redacted', redacted) }];
  }

  #citation({ key, offset }: Block, value: Json | undefined): Events {
    if (!isObject(value)) return NOTHING;
    const citation = { ...decodeCitation(value), startIndex: offset, endIndex: this.#textLength };
    return [{ type: 'citation', key, citation }];
  }
}

function blockEnd({ key, kind }: Block): Events {
  if (kind === 'tool') return [{ type: 'tool-call-end', key }];
  return kind === 'other' ? NOTHING : [{ type: 'part-end', key }];
}

function reasoning(key: string, text: string): Events {
  return text === '' ? NOTHING : [{ type: 'reasoning', key, text }];
}

function callArguments(key: string, text: string): Events {
  return text === '' ? NOTHING : [{ type: 'tool-call-arguments', key, text }];
}

function indexOf(event: JsonObject): number {
  return typeof event['index'] === 'number' ? event['index'] : 0;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Undefined for what is no JSON: such an event is a fault, since it may have held a piece of the answer. */
function parse(data: string): Json | undefined {
  try {
    return JSON.parse(data) as Json;
  } catch {
    // The caller of this function turns undefined into an error of the stream.
    return undefined;
  }
}
