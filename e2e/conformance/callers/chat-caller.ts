import OpenAI from 'openai';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { BrokenStream, Caller, Door } from '../support/caller.ts';
import type { Answer, Ending, Question } from '../support/conversation.ts';
import { readStream } from '../support/read-stream.ts';
import { type Exchange, recordingFetch } from '../support/wire-log.ts';
import { chatThoughts, joinChatTurn } from './chat-turn.ts';
import { openAiRefusal } from './openai-refusal.ts';

/** Asks with OpenAI's client, by Chat Completions. */
export class ChatCaller implements Caller {
  readonly name = 'chat';
  readonly title = 'OpenAI Chat Completions';
  readonly path = 'POST /v1/chat/completions';
  readonly client = 'openai';
  readonly kin: Caller['kin'] = [
    'openai-chat',
    'vllm',
    'vllm-text-only',
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
      if (!question.stream) return answerOf(await client.chat.completions.create(body), exchange());
      const chunks: ChatCompletionChunk[] = [];
      const stream = client.chat.completions.stream({
        ...body,
        stream: true,
        stream_options: { include_usage: true },
      });
      stream.on('chunk', (chunk) => chunks.push(chunk));
      const whole = await stream.finalChatCompletion();
      return answerOf(joinChatTurn(whole, chunks), exchange());
    } catch (error) {
      throw openAiRefusal(error);
    }
  }

  async read(question: Question): Promise<BrokenStream> {
    const { client, exchange } = this.#connect();
    const body = { ...requestOf(question), stream: true as const };
    await client.chat.completions.create(body).asResponse();
    const { response, events } = await readStream(exchange());
    const chunks = events.flatMap(({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data) as ChatCompletionChunk]));
    const last = chunks.at(-1) as unknown as { readonly error?: { readonly message: string } };
    return {
      ...response,
      text: chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? '').join(''),
      complete: events.at(-1)?.data === '[DONE]' || chunks.some(({ choices }) => choices?.[0]?.finish_reason != null),
      error: last.error?.message ?? null,
    };
  }

  #connect(): { readonly client: OpenAI; readonly exchange: () => Exchange } {
    const { fetch, exchange } = recordingFetch();
    const { url, key } = this.#door;
    return { client: new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0, fetch }), exchange };
  }
}

function requestOf(question: Question): ChatCompletionCreateParamsNonStreaming {
  const { model, tools, schema, think, maxTokens } = question;
  return {
    model,
    messages: messagesOf(question),
    ...(tools && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters },
      })),
    }),
    ...(schema && {
      response_format: { type: 'json_schema' as const, json_schema: { name: 'report', schema, strict: true } },
    }),
    ...(think && { reasoning_effort: 'high' as const }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
  };
}

function messagesOf({ say, image, after }: Question): ChatCompletionMessageParam[] {
  const url = `data:image/png;base64,${image ?? ''}`;
  const content =
    image === undefined
      ? say
      : [
          { type: 'text' as const, text: say },
          { type: 'image_url' as const, image_url: { url } },
        ];
  if (!after) return [{ role: 'user', content }];
  const { question, answer, results } = after;
  const turn = answer.turn as ChatCompletionMessageParam;
  const told = answer.calls.map(({ id }, index) => ({
    role: 'tool' as const,
    tool_call_id: id,
    content: results[index] ?? '',
  }));
  return [...messagesOf(question), turn, ...(told.length > 0 ? told : [{ role: 'user' as const, content }])];
}

function answerOf(completion: ChatCompletion, { requestId, body: wire }: Exchange): Answer {
  const { model, usage } = completion;
  const [choice] = completion.choices;
  if (!choice || !usage) throw new Error('the answer has no choice or no usage');
  const { message } = choice;
  return {
    requestId,
    wire,
    model,
    text: message.content ?? '',
    thoughts: chatThoughts(message),
    calls: (message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) as unknown }]
        : [],
    ),
    ending: endings[choice.finish_reason],
    usage: {
      input: usage.prompt_tokens,
      cachedInput: usage.prompt_tokens_details?.cached_tokens ?? 0,
      output: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens ?? null,
    },
    turn: message,
  };
}

const endings: Readonly<Record<ChatCompletion.Choice['finish_reason'], Ending>> = {
  stop: 'stop',
  tool_calls: 'tools',
  function_call: 'tools',
  length: 'length',
  content_filter: 'refusal',
};
