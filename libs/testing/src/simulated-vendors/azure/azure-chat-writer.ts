import { ChatWriter } from '../openai-chat/chat-writer.ts';
import { textOf, type Turn } from '../turn/turn.ts';

const safe = { filtered: false, severity: 'safe' };
const promptFilterResults = [
  {
    prompt_index: 0,
    content_filter_results: {
      hate: safe,
      jailbreak: { filtered: false, detected: false },
      self_harm: safe,
      sexual: safe,
      violence: safe,
    },
  },
];

/**
 * Writes turns as Azure's Chat Completions do: first a chunk without id, model and choices that tells about the prompt, and
 * with asynchronous filters, before the end, chunks whose choice has no delta.
 */
export class AzureChatWriter extends ChatWriter {
  override whole(turn: Turn): unknown {
    return { ...(super.whole(turn) as object), prompt_filter_results: promptFilterResults };
  }

  protected override choice(turn: Turn, index: number): Readonly<Record<string, unknown>> {
    return { ...super.choice(turn, index), content_filter_results: filterResults(turn) };
  }

  protected override extraChunks(turn: Turn, place: 'first' | 'end'): readonly object[] {
    if (place === 'first') {
      return [{ id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: promptFilterResults }];
    }
    const end = textOf(turn, 'text').length;
    const offsets = { check_offset: end, start_offset: 0, end_offset: end };
    const choice = {
      index: 0,
      finish_reason: null,
      logprobs: null,
      content_filter_offsets: offsets,
      content_filter_results: filterResults(turn),
    };
    return [{ id: '', object: '', created: 0, model: '', choices: [choice] }];
  }

  protected override chunk(turn: Turn, choices: readonly object[], rest: object = {}): object {
    const { service_tier: _, ...chunk } = super.chunk(
      turn,
      choices.map((choice) => ({ ...choice, content_filter_results: {} })),
      rest,
    ) as { service_tier?: unknown };
    return chunk;
  }
}

function filterResults(turn: Turn): object {
  const hate = turn.stop === 'filter' ? { filtered: true, severity: 'high' } : safe;
  return { hate, self_harm: safe, sexual: safe, violence: safe };
}
