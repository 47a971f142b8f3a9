import Anthropic, { type APIError, type ClientOptions } from '@anthropic-ai/sdk';
import type {
  ContentBlockParam,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
  RawMessageStreamEvent,
  StopReason,
  ThinkingConfigParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { BrokenStream, Caller, CallerName, Door, Thinking } from '../support/caller.ts';
import type { Answer, Ending, Question } from '../support/conversation.ts';
import { readStream } from '../support/read-stream.ts';
import { Refusal } from '../support/refusal.ts';
import { type Exchange, recordingFetch } from '../support/wire-log.ts';

const DEFAULT_MAX_TOKENS = 16_000;

/** Asks with Anthropic's client, by Messages. */
export class MessagesCaller implements Caller {
  readonly name: CallerName = 'messages';
  readonly title: string = 'Anthropic Messages';
  readonly path = 'POST /v1/messages';
  readonly client: string = '@anthropic-ai/sdk';
  readonly kin: Caller['kin'] = ['anthropic', 'anthropic-budget'];
  readonly thinking: Thinking = 'level';
  readonly #door: Door;

  constructor(door: Door) {
    this.#door = door;
  }

  protected connect(options: ClientOptions): Anthropic {
    return new Anthropic(options);
  }

  async ask(question: Question): Promise<Answer> {
    const { client, exchange } = this.#connect();
    const body = requestOf(question);
    try {
      if (!question.stream) return answerOf(await client.messages.create(body), exchange());
      return answerOf(await client.messages.stream(body).finalMessage(), exchange());
    } catch (error) {
      throw refusalOf(error);
    }
  }

  async read(question: Question): Promise<BrokenStream> {
    const { client, exchange } = this.#connect();
    await client.messages.create({ ...requestOf(question), stream: true }).asResponse();
    const { response, events } = await readStream(exchange());
    const read = events.map(({ data }) => JSON.parse(data) as RawMessageStreamEvent);
    const last = read.at(-1) as unknown as { readonly type: string; readonly error?: { readonly message: string } };
    return {
      ...response,
      text: read
        .map((event) =>
          event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
        )
        .join(''),
      complete: read.some(({ type }) => type === 'message_stop' || type === 'message_delta'),
      error: last.type === 'error' ? (last.error?.message ?? null) : null,
    };
  }

  #connect(): { readonly client: Anthropic; readonly exchange: () => Exchange } {
    const { fetch, exchange } = recordingFetch();
    const { url, key } = this.#door;
    return { client: this.connect({ apiKey: key, baseURL: url, maxRetries: 0, fetch }), exchange };
  }
}

function requestOf(question: Question): MessageCreateParamsNonStreaming {
  const { model, tools, schema, think, maxTokens } = question;
  return {
    model,
    max_tokens: maxTokens ?? DEFAULT_MAX_TOKENS,
    messages: messagesOf(question),
    ...(tools && {
      tools: tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: parameters as { type: 'object' },
      })),
    }),
    ...(think && { thinking: thinkings[think] }),
    ...((schema ?? think === 'level') && {
      output_config: {
        ...(schema && { format: { type: 'json_schema' as const, schema } }),
        ...(think === 'level' && { effort: 'high' as const }),
      },
    }),
  };
}

const thinkings: Readonly<Record<Thinking, ThinkingConfigParam>> = {
  level: { type: 'adaptive', display: 'summarized' },
  budget: { type: 'enabled', budget_tokens: 4096 },
};

function messagesOf({ say, image, after }: Question): MessageParam[] {
  const text: ContentBlockParam = { type: 'text', text: say };
  const content: ContentBlockParam[] =
    image === undefined
      ? [text]
      : [text, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }];
  if (!after) return [{ role: 'user', content }];
  const { question, answer, results } = after;
  const told = answer.calls.map(({ id }, index): ContentBlockParam => ({
    type: 'tool_result',
    tool_use_id: id,
    content: results[index] ?? '',
  }));
  return [
    ...messagesOf(question),
    { role: 'assistant', content: answer.turn as ContentBlockParam[] },
    { role: 'user', content: told.length > 0 ? told : content },
  ];
}

function answerOf(message: Message, { requestId, body: wire }: Exchange): Answer {
  const { model, content, usage, stop_reason: reason } = message;
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    requestId,
    wire,
    model,
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    thoughts: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    ending: endingOf(reason),
    usage: {
      input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      cachedInput: cached,
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? null,
    },
    turn: content,
  };
}

function endingOf(reason: StopReason | null): Ending {
  const endings: Partial<Record<StopReason, Ending>> = {
    end_turn: 'stop',
    tool_use: 'tools',
    max_tokens: 'length',
    refusal: 'refusal',
  };
  const ending = reason === null ? undefined : endings[reason];
  if (!ending) throw new Error(`the answer ended for an unexpected reason: ${reason}`);
  return ending;
}

/** By its shape, since both clients have a class of their own for it. */
function refusalOf(error: unknown): unknown {
  const { status, message, headers, type } = error as Partial<APIError>;
  if (status === undefined || message === undefined || !headers) return error;
  return new Refusal({ status, code: type ?? '', message, headers });
}
