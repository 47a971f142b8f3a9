import OpenAI from 'openai';
import type { Completion, CompletionCreateParamsNonStreaming } from 'openai/resources/completions';
import type { BrokenStream, Caller, Door } from '../support/caller.ts';
import type { Answer, Question } from '../support/conversation.ts';
import { readStream } from '../support/read-stream.ts';
import { type Exchange, recordingFetch } from '../support/wire-log.ts';
import { openAiRefusal } from './openai-refusal.ts';

/** Asks with OpenAI's client, by the legacy Completions: a text goes on, and that is all there is. */
export class CompletionsCaller implements Caller {
  readonly name = 'completions';
  readonly title = 'OpenAI Completions (legacy)';
  readonly path = 'POST /v1/completions';
  readonly client = 'openai';
  readonly kin: Caller['kin'] = [
    'vllm',
    'vllm-text-only',
    'openai-chat',
    'azure-openai-v1',
    'azure-openai-deployments',
  ];
  readonly thinking = 'level';
  readonly #door: Door;

  constructor(door: Door) {
    this.#door = door;
  }

  async ask(question: Question): Promise<Answer> {
    const { client, exchange } = this.#connect();
    const body = requestOf(question);
    try {
      if (!question.stream) return answerOf([await client.completions.create(body)], exchange());
      const pieces: Completion[] = [];
      const options = { include_usage: true };
      for await (const piece of await client.completions.create({ ...body, stream: true, stream_options: options })) {
        pieces.push(piece);
      }
      return answerOf(pieces, exchange());
    } catch (error) {
      throw openAiRefusal(error);
    }
  }

  async read(question: Question): Promise<BrokenStream> {
    const { client, exchange } = this.#connect();
    await client.completions.create({ ...requestOf(question), stream: true }).asResponse();
    const { response, events } = await readStream(exchange());
    const pieces = events.flatMap(({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data) as Completion]));
    const last = pieces.at(-1) as unknown as { readonly error?: { readonly message: string } } | undefined;
    return {
      ...response,
      text: textOf(pieces),
      complete: events.at(-1)?.data === '[DONE]' || pieces.some(({ choices }) => choices?.[0]?.finish_reason != null),
      error: last?.error?.message ?? null,
    };
  }

  #connect(): { readonly client: OpenAI; readonly exchange: () => Exchange } {
    const { fetch, exchange } = recordingFetch();
    const { url, key } = this.#door;
    return { client: new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0, fetch }), exchange };
  }
}

function requestOf({ model, say, maxTokens }: Question): CompletionCreateParamsNonStreaming {
  return { model, prompt: say, ...(maxTokens !== undefined && { max_tokens: maxTokens }) };
}

function textOf(pieces: readonly Completion[]): string {
  return pieces.map(({ choices }) => choices?.[0]?.text ?? '').join('');
}

function answerOf(pieces: readonly Completion[], { requestId, body: wire }: Exchange): Answer {
  const usage = pieces.findLast((piece) => piece.usage != null)?.usage;
  const reason = pieces.flatMap(({ choices }) => choices[0]?.finish_reason ?? []).at(-1);
  if (!usage) throw new Error('the answer has no usage');
  if (reason !== 'stop' && reason !== 'length') throw new Error(`the answer ended for an unexpected reason: ${reason}`);
  return {
    requestId,
    wire,
    model: pieces[0]?.model ?? '',
    text: textOf(pieces),
    thoughts: '',
    calls: [],
    ending: reason,
    usage: {
      input: usage.prompt_tokens,
      cachedInput: usage.prompt_tokens_details?.cached_tokens ?? 0,
      output: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens ?? null,
    },
    turn: null,
  };
}
