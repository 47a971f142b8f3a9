import { textFrom } from '../text-from.ts';
import { sseFrame } from '../sse-frame.ts';
import { type Call, callsOf, idFor, textOf, type Turn } from '../turn/turn.ts';
import type { Frame, TurnWriter } from '../vendor.ts';
import { chatUsage } from './chat-usage.ts';
import type { ChatRequest } from './schema.ts';

const finishReasons = {
  end: 'stop',
  'stop-sequence': 'stop',
  tools: 'tool_calls',
  length: 'length',
  refusal: 'stop',
  filter: 'content_filter',
} as const;

type Delta = Readonly<Record<string, unknown>>;

/** Writes turns as OpenAI's Chat Completions do: thoughts stay hidden and are only counted. */
export class ChatWriter implements TurnWriter {
  readonly stream: boolean;
  readonly contentType = 'text/event-stream; charset=utf-8';
  readonly #request: ChatRequest;
  /** Tools that take text instead of JSON. */
  readonly #customTools: readonly string[];

  constructor(request: ChatRequest) {
    this.#request = request;
    this.stream = request.stream === true;
    this.#customTools = (request.tools ?? []).flatMap((tool) => (tool.type === 'custom' ? [tool.custom.name] : []));
  }

  whole(turn: Turn): unknown {
    const count = this.#request.n ?? 1;
    const choices = Array.from({ length: count }, (_, index) => this.choice(turn, index));
    return { ...this.#head(turn), object: 'chat.completion', choices, usage: chatUsage(turn), ...fingerprint };
  }

  *frames(turn: Turn): Iterable<Frame> {
    yield* this.#chunks(turn).map((data) => sseFrame(data));
    yield sseFrame('[DONE]');
  }

  *errorFrames(): Iterable<Frame> {
    const message = 'The server had an error while processing your request. Sorry about that!';
    yield sseFrame({ error: { message, type: 'server_error', param: null, code: null } });
  }

  protected choice(turn: Turn, index: number): Delta {
    const calls = callsOf(turn);
    const refusal = textOf(turn, 'refusal');
    const text = textOf(turn, 'text');
    const legacy = this.#request.functions !== undefined && calls.length > 0;
    const message = {
      role: 'assistant',
      content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
      refusal: refusal === '' ? null : refusal,
      annotations: [],
      ...(legacy ? { function_call: functionOf(calls[0]) } : {}),
      ...(!legacy && calls.length > 0
        ? { tool_calls: calls.map((call, place) => this.#wholeCall(turn, call, place)) }
        : {}),
    };
    return { index, message, logprobs: null, finish_reason: legacy ? 'function_call' : finishReasons[turn.stop] };
  }

  /** What each chunk of the stream carries in its only choice. */
  protected deltas(turn: Turn): readonly Delta[] {
    const opensWithCall = turn.steps.find(({ kind }) => kind !== 'reasoning')?.kind === 'calls';
    const first = { role: 'assistant', content: opensWithCall ? null : '', refusal: null };
    return [
      first,
      ...turn.steps.flatMap((step) => {
        if (step.kind === 'text') return step.pieces.map((content) => ({ content }));
        if (step.kind === 'refusal') return step.pieces.map((refusal) => ({ refusal }));
        return step.kind === 'calls' ? step.calls.flatMap((call, place) => this.#callDeltas(turn, call, place)) : [];
      }),
    ];
  }

  /** Chunks of a vendor's own before the first and before the last. */
  protected extraChunks(_turn: Turn, _place: 'first' | 'end'): readonly object[] {
    return [];
  }

  protected chunk(turn: Turn, choices: readonly object[], rest: object = {}): object {
    const obfuscates = this.#request.stream_options?.include_obfuscation !== false;
    return {
      ...this.#head(turn),
      object: 'chat.completion.chunk',
      ...fingerprint,
      choices,
      ...(this.#wantsUsage ? { usage: null } : {}),
      ...(obfuscates && choices.length > 0 ? { obfuscation: 'X7dq0' } : {}),
      ...rest,
    };
  }

  get #wantsUsage(): boolean {
    return this.#request.stream_options?.include_usage === true;
  }

  #chunks(turn: Turn): object[] {
    const legacy = this.#request.functions !== undefined && callsOf(turn).length > 0;
    const finish = legacy ? 'function_call' : finishReasons[turn.stop];
    return [
      ...this.extraChunks(turn, 'first'),
      ...this.deltas(turn)
        .map((delta) => (turn.odd ? { role: 'assistant', ...delta } : delta))
        .map((delta) => this.chunk(turn, [{ index: 0, delta, logprobs: null, finish_reason: null }])),
      ...this.extraChunks(turn, 'end'),
      this.chunk(turn, [{ index: 0, delta: {}, logprobs: null, finish_reason: finish }]),
      ...(this.#wantsUsage ? [this.chunk(turn, [], { usage: chatUsage(turn) })] : []),
    ];
  }

  #head(turn: Turn): object {
    return { id: `chatcmpl-${idFor(turn, 'chat', 29)}`, created: 1_795_262_400, model: turn.model };
  }

  #wholeCall(turn: Turn, call: Call, place: number): object {
    const id = callId(turn, place);
    if (!this.#customTools.includes(call.name)) return { id, type: 'function', function: functionOf(call) };
    return { id, type: 'custom', custom: { name: call.name, input: textFrom(call.input['input']) } };
  }

  #callDeltas(turn: Turn, call: Call, index: number): Delta[] {
    const { name } = call;
    if (this.#request.functions !== undefined) {
      return [
        { function_call: { name, arguments: '' } },
        ...argumentPieces(call).map((piece) => ({ function_call: { arguments: piece } })),
      ];
    }
    const id = callId(turn, index);
    if (this.#customTools.includes(name)) {
      const start = { index, id, type: 'custom', custom: { name, input: '' } };
      return [{ tool_calls: [start] }, { tool_calls: [{ index, custom: { input: textFrom(call.input['input']) } }] }];
    }
    const start = { index, id, type: 'function', function: { name, arguments: '' } };
    const rest = argumentPieces(call).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] }));
    return [{ tool_calls: [start] }, ...rest];
  }
}

const fingerprint = { service_tier: 'default', system_fingerprint: 'fp_simulated' };

function callId(turn: Turn, place: number): string {
  return `call_${idFor(turn, place, 24)}`;
}

function functionOf(call: Call | undefined): object {
  return { name: call?.name ?? '', arguments: call ? argumentPieces(call).join('') : '{}' };
}

/** No arguments are `{}` here. */
function argumentPieces({ pieces }: Call): readonly string[] {
  return pieces.length === 0 ? ['{}'] : pieces;
}
