import { ChatWriter } from '../openai-chat/chat-writer.ts';
import { sseFrame } from '../sse-frame.ts';
import { textOf, type Turn } from '../turn/turn.ts';
import type { Frame } from '../vendor.ts';

/** Writes turns as vLLM does with a parser of reasoning: thoughts stand beside the content, and a failed stream ends like a good one. */
export class VllmChatWriter extends ChatWriter {
  override *errorFrames(): Iterable<Frame> {
    const message = 'EngineCore encountered an issue. See stack trace (above) for the root cause.';
    yield sseFrame({ error: { message, type: 'InternalServerError', param: null, code: 500 } });
    yield sseFrame('[DONE]');
  }

  protected override choice(turn: Turn, index: number): Readonly<Record<string, unknown>> {
    const { message, ...choice } = super.choice(turn, index);
    const thoughts = textOf(turn, 'reasoning');
    return {
      ...choice,
      message: { ...(message as object), reasoning: thoughts === '' ? null : thoughts },
      stop_reason: null,
      token_ids: null,
    };
  }

  protected override deltas(turn: Turn): readonly Readonly<Record<string, unknown>>[] {
    const [first = {}, ...rest] = super.deltas(turn);
    const thoughts = turn.steps.flatMap((step) => (step.kind === 'reasoning' ? step.pieces : []));
    return [first, ...thoughts.map((reasoning) => ({ reasoning })), ...rest];
  }
}
