import type {
  CanonicalEvent,
  CanonicalPart,
  CanonicalResponse,
  FinishReason,
  JsonObject,
  StreamEncoder,
} from '@penstock/dialects';

const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-length': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  'content-filter': 'content_filtered',
  refusal: 'content_filtered',
  pause: 'end_turn',
  malformed: 'malformed_model_output',
};

type Usage = Partial<NonNullable<CanonicalResponse['usage']>>;

function usageOf({ inputUncached = 0, cacheRead = 0, cacheWrite5m = 0, output = 0 }: Usage): JsonObject {
  const counts = {
    inputTokens: inputUncached,
    cacheReadInputTokens: cacheRead,
    cacheWriteInputTokens: cacheWrite5m,
    outputTokens: output,
  };
  return { ...counts, totalTokens: inputUncached + cacheRead + cacheWrite5m + output };
}

/** An answer of Bedrock's Converse, as AWS writes it: the gateway itself never does. */
export function writeConverseAnswer({ choices, usage }: CanonicalResponse): JsonObject {
  const [choice] = choices;
  if (choice === undefined || usage === null) throw new Error('an answer of Converse has a choice and a usage');
  const message = { role: 'assistant', content: choice.parts.map(blockOf) };
  return {
    output: { message },
    stopReason: STOP_REASONS[choice.finish.reason],
    usage: usageOf(usage),
    metrics: { latencyMs: 1 },
  };
}

function blockOf(part: CanonicalPart): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text: part.text };
    case 'reasoning': {
      const signature = part.signature && { signature: part.signature.value };
      return { reasoningContent: { reasoningText: { text: part.text, ...signature } } };
    }
    case 'tool-call':
      return { toolUse: { toolUseId: part.id, name: part.name, input: JSON.parse(part.arguments) as JsonObject } };
    default:
      throw new Error(`no answer holds a part of type ${part.type}`);
  }
}

/** Its stream, each message of AWS's event stream as an event of the same name. */
export class ConverseStreamWriter implements StreamEncoder {
  readonly #blocks: string[] = [];

  push(event: CanonicalEvent): string {
    switch (event.type) {
      case 'start':
        return frame('messageStart', { role: 'assistant' });
      case 'text':
      case 'refusal':
        return this.#delta(event.key, { text: event.text });
      case 'reasoning':
        return this.#delta(event.key, { reasoningContent: { text: event.text } });
      case 'reasoning-signature':
        return this.#delta(event.key, { reasoningContent: { signature: event.signature.value } });
      case 'tool-call-start': {
        const start = { toolUse: { toolUseId: event.id, name: event.name } };
        return frame('contentBlockStart', { contentBlockIndex: this.#indexOf(event.key), start });
      }
      case 'tool-call-arguments':
        return this.#delta(event.key, { toolUse: { input: event.text } });
      case 'tool-call-end':
      case 'part-end':
        return frame('contentBlockStop', { contentBlockIndex: this.#indexOf(event.key) });
      case 'finish':
        return frame('messageStop', { stopReason: STOP_REASONS[event.finish.reason] });
      case 'usage':
        return frame('metadata', { usage: usageOf(event.usage), metrics: { latencyMs: 1 } });
      default:
        return '';
    }
  }

  #delta(key: string, delta: JsonObject): string {
    return frame('contentBlockDelta', { contentBlockIndex: this.#indexOf(key), delta });
  }

  #indexOf(key: string): number {
    const known = this.#blocks.indexOf(key);
    return known >= 0 ? known : this.#blocks.push(key) - 1;
  }
}

const frame = (name: string, data: JsonObject): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
