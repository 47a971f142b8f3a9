import { sseFrame } from '../sse-frame.ts';
import { idFor, textOf, type Turn } from '../turn/turn.ts';
import type { Frame, TurnWriter } from '../vendor.ts';
import { chatUsage } from './chat-usage.ts';
import type { CompletionsRequest } from './completions-schema.ts';

/** Writes turns as texts that go on. */
export class CompletionWriter implements TurnWriter {
  readonly stream: boolean;
  readonly contentType = 'text/event-stream; charset=utf-8';
  readonly #wantsUsage: boolean;

  constructor(request: CompletionsRequest) {
    this.stream = request.stream === true;
    this.#wantsUsage = request.stream_options?.include_usage === true;
  }

  whole(turn: Turn): unknown {
    return { ...head(turn), choices: [choice(textOf(turn, 'text'), finishOf(turn))], usage: chatUsage(turn) };
  }

  *frames(turn: Turn): Iterable<Frame> {
    const usage = this.#wantsUsage ? { usage: null } : {};
    const pieces = turn.steps.flatMap((step) => (step.kind === 'text' ? step.pieces : []));
    for (const text of pieces) yield sseFrame({ ...head(turn), choices: [choice(text, null)], ...usage });
    yield sseFrame({ ...head(turn), choices: [choice('', finishOf(turn))], ...usage });
    if (this.#wantsUsage) yield sseFrame({ ...head(turn), choices: [], usage: chatUsage(turn) });
    yield sseFrame('[DONE]');
  }

  *errorFrames(): Iterable<Frame> {
    const message = 'The server had an error while processing your request. Sorry about that!';
    yield sseFrame({ error: { message, type: 'server_error', param: null, code: null } });
  }
}

function head(turn: Turn): object {
  return {
    id: `cmpl-${idFor(turn, 'completion', 29)}`,
    object: 'text_completion',
    created: 1_795_262_400,
    model: turn.model,
  };
}

function choice(text: string, finish: string | null): object {
  return { text, index: 0, logprobs: null, finish_reason: finish };
}

const finishOf = ({ stop }: Turn): string => (stop === 'length' ? 'length' : 'stop');
