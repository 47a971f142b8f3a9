import { sseFrame } from '../sse-frame.ts';
import { mintSignature } from '../turn/signature-mint.ts';
import { idFor, textOf, type Turn } from '../turn/turn.ts';
import type { Frame, TurnWriter } from '../vendor.ts';
import { NEWEST_VERSION } from './model-rules.ts';
import type { MessagesRequest } from './schema.ts';

type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** One block of content: whole, and as it is streamed. */
interface WrittenBlock {
  readonly whole: Block;
  readonly start: Block;
  readonly deltas: readonly Block[];
}

const stopReasons = {
  end: 'end_turn',
  'stop-sequence': 'stop_sequence',
  tools: 'tool_use',
  length: 'max_tokens',
  refusal: 'refusal',
  filter: 'refusal',
} as const;

/** Writes turns as the Messages API of the version does. */
export class MessageWriter implements TurnWriter {
  readonly stream: boolean;
  readonly contentType = 'text/event-stream; charset=utf-8';
  readonly #hidesThoughts: boolean;
  readonly #isNewest: boolean;

  constructor(body: MessagesRequest, version: string) {
    this.stream = body.stream === true;
    const { thinking } = body;
    this.#hidesThoughts = thinking !== undefined && 'display' in thinking && thinking.display === 'omitted';
    this.#isNewest = version === NEWEST_VERSION;
  }

  whole(turn: Turn): unknown {
    const content = this.#blocks(turn).map(({ whole }) => whole);
    return { ...this.#head(turn, content), ...this.#ending(turn), usage: this.#usage(turn) };
  }

  *frames(turn: Turn): Iterable<Frame> {
    const message = { ...this.#head(turn, []), stop_reason: null, stop_sequence: null, usage: this.#usage(turn, true) };
    const start = event({
      type: 'message_start',
      message: this.#isNewest ? { ...message, stop_details: null } : message,
    });
    yield start;
    // Recorded: the start came twice, and its count of the input was corrected at the end.
    if (turn.odd) yield start;
    const blocks = this.#blocks(turn);
    if (blocks.length === 0) yield event({ type: 'ping' });
    for (const [index, { start, deltas }] of blocks.entries()) {
      yield event({ type: 'content_block_start', index, content_block: start });
      if (index === 0) yield event({ type: 'ping' });
      for (const delta of deltas) yield event({ type: 'content_block_delta', index, delta });
      yield event({ type: 'content_block_stop', index });
    }
    yield event({ type: 'message_delta', delta: this.#ending(turn), usage: this.#deltaUsage(turn) });
    yield event({ type: 'message_stop' });
  }

  *errorFrames(): Iterable<Frame> {
    yield event({
      type: 'error',
      error: { details: null, type: 'overloaded_error', message: 'Overloaded' },
      request_id: 'req_011CSimulatedOverloaded',
    });
  }

  #head(turn: Turn, content: readonly unknown[]) {
    const { model } = turn;
    const head = { id: `msg_01${idFor(turn, 'message', 22)}`, type: 'message', role: 'assistant', model, content };
    return this.#isNewest ? { ...head, container: null, diagnostics: null } : head;
  }

  /** A refusal has details, and its text comes in no block at all. */
  #ending(turn: Turn) {
    const refused = turn.stop === 'refusal' || turn.stop === 'filter';
    const explanation = textOf(turn, 'refusal') || 'This output was stopped by a safety classifier.';
    return {
      stop_reason: stopReasons[turn.stop],
      stop_sequence: turn.stopSequence,
      ...(refused || this.#isNewest
        ? { stop_details: refused ? { type: 'refusal', category: null, explanation } : null }
        : {}),
    };
  }

  #usage(turn: Turn, isStart = false) {
    const { inputUncached, cacheRead, cacheWrite, output } = turn.usage;
    return {
      input_tokens: turn.odd && isStart ? Math.ceil(inputUncached / 2) : inputUncached,
      cache_creation_input_tokens: cacheWrite,
      cache_read_input_tokens: cacheRead,
      cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
      output_tokens: isStart ? 1 : output,
      service_tier: 'standard',
      inference_geo: 'not_available',
      ...(this.#isNewest ? { output_tokens_details: this.#details(turn), server_tool_use: null, speed: null } : {}),
    };
  }

  #deltaUsage(turn: Turn) {
    const { inputUncached, cacheRead, cacheWrite, output } = turn.usage;
    return {
      input_tokens: inputUncached,
      cache_creation_input_tokens: cacheWrite,
      cache_read_input_tokens: cacheRead,
      output_tokens: output,
      ...(this.#isNewest ? { output_tokens_details: this.#details(turn), server_tool_use: null } : {}),
    };
  }

  #details({ usage }: Turn) {
    return { thinking_tokens: usage.reasoning };
  }

  #blocks(turn: Turn): readonly WrittenBlock[] {
    return turn.steps.flatMap((step, place): readonly WrittenBlock[] => {
      if (step.kind === 'refusal') return [];
      if (step.kind === 'calls')
        return step.calls.map((call, index) => this.#callBlock(turn, call, `${place}-${index}`));
      return [step.kind === 'text' ? this.#textBlock(step.pieces) : this.#thinkingBlock(step.pieces)];
    });
  }

  #textBlock(pieces: readonly string[]) {
    const citations = this.#isNewest ? { citations: null } : {};
    return {
      whole: { type: 'text', text: pieces.join(''), ...citations },
      start: { type: 'text', text: '', ...citations },
      deltas: pieces.map((text) => ({ type: 'text_delta', text })),
    };
  }

  /** Hidden thoughts leave an empty block that is signed all the same. */
  #thinkingBlock(pieces: readonly string[]) {
    const signature = mintSignature('anthropic', pieces.join(''));
    const shown = this.#hidesThoughts ? [] : pieces;
    return {
      whole: { type: 'thinking', thinking: shown.join(''), signature },
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        ...shown.map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature },
      ],
    };
  }

  /** A call without arguments has no deltas; others begin with an empty one. */
  #callBlock(
    turn: Turn,
    { name, input, pieces }: { name: string; input: object; pieces: readonly string[] },
    place: string,
  ) {
    const caller = this.#isNewest ? { caller: { type: 'direct' } } : {};
    const head = { type: 'tool_use', id: `toolu_01${idFor(turn, place, 22)}`, name, ...caller };
    const parts = pieces.length === 0 ? [] : ['', ...pieces];
    return {
      whole: { ...head, input },
      start: { ...head, input: {} },
      deltas: parts.map((part) => ({ type: 'input_json_delta', partial_json: part })),
    };
  }
}

function event(data: { readonly type: string } & Readonly<Record<string, unknown>>): string {
  return sseFrame(data, data.type);
}
