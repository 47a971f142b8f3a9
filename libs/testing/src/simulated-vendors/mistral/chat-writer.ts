import { sseFrame } from '../sse-frame.ts';
import { callsOf, idFor, textOf, type Turn } from '../turn/turn.ts';
import type { Frame, TurnWriter } from '../vendor.ts';

const finishReasons = {
  end: 'stop',
  'stop-sequence': 'stop',
  tools: 'tool_calls',
  length: 'length',
  refusal: 'stop',
  filter: 'stop',
} as const;

/** Writes turns as Mistral does: thoughts make the content an array, usage rides on the last chunk whether asked for or not. */
export class MistralChatWriter implements TurnWriter {
  readonly stream: boolean;
  readonly contentType = 'text/event-stream; charset=utf-8';
  /** The beginning of the answer that the request gave: it is repeated. */
  readonly #prefix: string;

  constructor(stream: boolean, prefix: string) {
    this.stream = stream;
    this.#prefix = prefix;
  }

  whole(turn: Turn): unknown {
    const text = `${this.#prefix}${textOf(turn, 'text')}${textOf(turn, 'refusal')}`;
    const thoughts = textOf(turn, 'reasoning');
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: thoughts }], closed: true };
    const content = thoughts === '' ? text : [thinking, ...(text === '' ? [] : [{ type: 'text', text }])];
    const calls = toolCalls(turn);
    const message = { role: 'assistant', content, tool_calls: calls.length > 0 ? calls : null };
    const choice = { index: 0, message, finish_reason: finishReasons[turn.stop] };
    return { ...head(turn), object: 'chat.completion', choices: [choice], usage: usageOf(turn) };
  }

  *frames(turn: Turn): Iterable<Frame> {
    yield chunk(turn, { role: 'assistant', content: '' });
    if (this.#prefix !== '') yield chunk(turn, { content: this.#prefix });
    for (const step of turn.steps) {
      if (step.kind === 'calls') continue;
      for (const text of step.pieces)
        yield chunk(turn, { content: step.kind === 'reasoning' ? thinkingChunk(text) : text });
    }
    const calls = toolCalls(turn).map((call, index) => ({ ...call, index }));
    // Recorded: the calls came before the finish, in a chunk of their own.
    if (turn.odd && calls.length > 0) yield chunk(turn, { content: '', tool_calls: calls });
    const delta = calls.length > 0 && !turn.odd ? { content: '', tool_calls: calls } : { content: '' };
    yield chunk(turn, delta, finishReasons[turn.stop], { usage: usageOf(turn) });
    yield sseFrame('[DONE]');
  }

  *errorFrames(): Iterable<Frame> {
    const error = {
      object: 'error',
      message: 'Service unavailable.',
      type: 'internal_server_error',
      param: null,
      code: '3700',
    };
    yield sseFrame(error);
  }
}

function thinkingChunk(text: string): object {
  return [{ type: 'thinking', thinking: [{ type: 'text', text }] }];
}

/** Calls come whole, each with an id of nine characters and without a type. */
function toolCalls(turn: Turn): readonly object[] {
  return callsOf(turn).map(({ name, pieces }, place) => ({
    id: idFor(turn, place, 9),
    function: { name, arguments: pieces.length === 0 ? '{}' : pieces.join('') },
  }));
}

function chunk(turn: Turn, delta: object, finish: string | null = null, rest: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return sseFrame({ ...head(turn), object: 'chat.completion.chunk', choices, ...rest });
}

function head(turn: Turn): object {
  return { id: idFor(turn, 'chat', 32).toLowerCase(), created: 1_795_262_400, model: turn.model };
}

function usageOf({ usage }: Turn): object {
  const prompt = usage.inputUncached + usage.cacheRead + usage.cacheWrite;
  return {
    prompt_tokens: prompt,
    total_tokens: prompt + usage.output,
    completion_tokens: usage.output,
    ...(usage.cacheRead > 0
      ? { num_cached_tokens: usage.cacheRead, prompt_tokens_details: { cached_tokens: usage.cacheRead } }
      : {}),
  };
}
