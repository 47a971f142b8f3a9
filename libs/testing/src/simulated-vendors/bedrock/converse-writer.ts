import { mintSignature } from '../turn/signature-mint.ts';
import { type Call, idFor, type Step, type Turn } from '../turn/turn.ts';
import type { Frame, TurnWriter } from '../vendor.ts';
import { eventStreamMessage } from './event-stream.ts';

const stopReasons = {
  end: 'end_turn',
  'stop-sequence': 'stop_sequence',
  tools: 'tool_use',
  length: 'max_tokens',
  refusal: 'guardrail_intervened',
  filter: 'content_filtered',
} as const;

/** Writes turns as Converse and ConverseStream do. */
export class ConverseWriter implements TurnWriter {
  readonly stream: boolean;
  readonly contentType = 'application/vnd.amazon.eventstream';

  constructor(stream: boolean) {
    this.stream = stream;
  }

  whole(turn: Turn): unknown {
    const content = turn.steps.flatMap((step, place): object[] => {
      if (step.kind === 'calls')
        return step.calls.map((call, index) => ({
          toolUse: { ...callHead(turn, call, `${place}-${index}`), input: call.input },
        }));
      const text = step.pieces.join('');
      if (step.kind !== 'reasoning') return [{ text }];
      return [{ reasoningContent: { reasoningText: { text, signature: mintSignature('bedrock', text) } } }];
    });
    return {
      metrics: { latencyMs: 42 },
      output: { message: { content, role: 'assistant' } },
      stopReason: stopReasons[turn.stop],
      usage: usageOf(turn),
    };
  }

  /** Texts and thoughts have no start event; the usage comes behind the stop. */
  *frames(turn: Turn): Iterable<Frame> {
    yield event('messageStart', { p: 'abcdefgh', role: 'assistant' });
    let contentBlockIndex = 0;
    for (const { start, deltas } of blocksOf(turn)) {
      if (start) yield event('contentBlockStart', { contentBlockIndex, p: 'abcd', start });
      for (const delta of deltas) yield event('contentBlockDelta', { contentBlockIndex, delta, p: 'abcdefghijkl' });
      yield event('contentBlockStop', { contentBlockIndex, p: 'abcdef' });
      contentBlockIndex += 1;
    }
    yield event('messageStop', { p: 'ab', stopReason: stopReasons[turn.stop] });
    yield event('metadata', { metrics: { latencyMs: 42 }, p: 'abc', usage: usageOf(turn) });
  }

  *errorFrames(_turn: Turn, sent: number): Iterable<Frame> {
    const type = sent > 0 ? 'modelStreamErrorException' : 'throttlingException';
    const message =
      sent > 0
        ? 'The model stopped in the middle of its answer.'
        : 'Too many requests, please wait before trying again.';
    yield eventStreamMessage(
      { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
      { message },
    );
  }
}

interface Block {
  readonly start: object | null;
  readonly deltas: readonly object[];
}

function blocksOf(turn: Turn): readonly Block[] {
  return turn.steps.flatMap((step, place): Block[] => {
    if (step.kind === 'calls') return step.calls.map((call, index) => callBlock(turn, call, `${place}-${index}`));
    return [
      { start: null, deltas: step.kind === 'reasoning' ? thoughtDeltas(step) : step.pieces.map((text) => ({ text })) },
    ];
  });
}

function thoughtDeltas({ pieces }: Extract<Step, { kind: 'reasoning' }>): readonly object[] {
  const signature = mintSignature('bedrock', pieces.join(''));
  return [...pieces.map((text) => ({ reasoningContent: { text } })), { reasoningContent: { signature } }];
}

function callBlock(turn: Turn, call: Call, place: string): Block {
  return {
    start: { toolUse: callHead(turn, call, place) },
    deltas: call.pieces.map((input) => ({ toolUse: { input } })),
  };
}

function callHead(turn: Turn, { name }: Call, place: string): { name: string; toolUseId: string } {
  return { name, toolUseId: `tooluse_${idFor(turn, place, 22)}` };
}

function event(type: string, payload: object): Buffer {
  return eventStreamMessage(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    payload,
  );
}

function usageOf({ usage }: Turn): object {
  const { inputUncached, cacheRead, cacheWrite, output } = usage;
  return {
    inputTokens: inputUncached,
    outputTokens: output,
    totalTokens: inputUncached + cacheRead + cacheWrite + output,
    ...(cacheRead + cacheWrite > 0 ? { cacheReadInputTokens: cacheRead, cacheWriteInputTokens: cacheWrite } : {}),
  };
}
