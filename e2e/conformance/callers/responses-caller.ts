import OpenAI from 'openai';
import type {
  Response as OpenAiResponse,
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import type { BrokenStream, Caller, Door } from '../support/caller.ts';
import type { Answer, Ending, Question } from '../support/conversation.ts';
import { readStream } from '../support/read-stream.ts';
import { type Exchange, recordingFetch } from '../support/wire-log.ts';
import { openAiRefusal } from './openai-refusal.ts';

/** Asks with OpenAI's client, by Responses that are not stored: the conversation travels with every request, as with agents. */
export class ResponsesCaller implements Caller {
  readonly name = 'responses';
  readonly title = 'OpenAI Responses';
  readonly path = 'POST /v1/responses';
  readonly client = 'openai';
  readonly kin: Caller['kin'] = ['openai-responses', 'openai-chat', 'azure-openai-v1', 'azure-openai-deployments'];
  readonly thinking = 'level';
  readonly #door: Door;

  constructor(door: Door) {
    this.#door = door;
  }

  async ask(question: Question): Promise<Answer> {
    const { client, exchange } = this.#connect();
    const body = requestOf(question);
    try {
      if (!question.stream) return answerOf(await client.responses.create(body), exchange());
      const stream = client.responses.stream({ ...body, stream: true });
      return answerOf(await stream.finalResponse(), exchange());
    } catch (error) {
      throw openAiRefusal(error);
    }
  }

  async read(question: Question): Promise<BrokenStream> {
    const { client, exchange } = this.#connect();
    await client.responses.create({ ...requestOf(question), stream: true }).asResponse();
    const { response, events } = await readStream(exchange());
    const read = events.map(({ data }) => JSON.parse(data) as ResponseStreamEvent);
    const last = read.at(-1);
    return {
      ...response,
      text: read.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join(''),
      complete: read.some(({ type }) => type === 'response.completed' || type === 'response.incomplete'),
      error: errorIn(last),
    };
  }

  #connect(): { readonly client: OpenAI; readonly exchange: () => Exchange } {
    const { fetch, exchange } = recordingFetch();
    const { url, key } = this.#door;
    return { client: new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0, fetch }), exchange };
  }
}

/** The vendor ends a broken stream with either. */
function errorIn(event: ResponseStreamEvent | undefined): string | null {
  if (event?.type === 'error') return event.message;
  return event?.type === 'response.failed' ? (event.response.error?.message ?? null) : null;
}

function requestOf(question: Question): ResponseCreateParamsNonStreaming {
  const { model, tools, schema, think, maxTokens } = question;
  return {
    model,
    store: false,
    input: inputOf(question),
    ...(tools && {
      tools: tools.map((tool) => ({ type: 'function' as const, ...tool, strict: false })),
    }),
    ...(schema && { text: { format: { type: 'json_schema' as const, name: 'report', schema, strict: true } } }),
    ...(think && {
      reasoning: { effort: 'high' as const, summary: 'auto' as const },
      include: ['reasoning.encrypted_content' as const],
    }),
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
  };
}

function inputOf({ say, image, after }: Question): ResponseInputItem[] {
  const content =
    image === undefined
      ? say
      : [
          { type: 'input_text' as const, text: say },
          { type: 'input_image' as const, detail: 'auto' as const, image_url: `data:image/png;base64,${image}` },
        ];
  const said: ResponseInputItem = { role: 'user', content };
  if (!after) return [said];
  const { question, answer, results } = after;
  const told = answer.calls.map(({ id }, index): ResponseInputItem => ({
    type: 'function_call_output',
    call_id: id,
    output: results[index] ?? '',
  }));
  return [...inputOf(question), ...(answer.turn as ResponseInputItem[]), ...(told.length > 0 ? told : [said])];
}

function answerOf(response: OpenAiResponse, { requestId, body: wire }: Exchange): Answer {
  const { model, output, usage } = response;
  if (!usage) throw new Error('the answer has no usage');
  const calls = output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) as unknown }]
      : [],
  );
  return {
    requestId,
    wire,
    model,
    text: response.output_text,
    thoughts: output
      .map((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text).join('') : ''))
      .join(''),
    calls,
    ending: endingOf(response, calls.length > 0),
    usage: {
      input: usage.input_tokens,
      cachedInput: usage.input_tokens_details.cached_tokens,
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details.reasoning_tokens,
    },
    turn: output.map(withoutParsed),
  };
}

function endingOf({ status, incomplete_details: details }: OpenAiResponse, calls: boolean): Ending {
  if (status === 'completed') return calls ? 'tools' : 'stop';
  if (status !== 'incomplete') throw new Error(`the response has the status ${status}`);
  return details?.reason === 'max_output_tokens' ? 'length' : 'refusal';
}

/** OpenAI's client adds what it parsed, which is no part of an input. */
function withoutParsed(item: ResponseOutputItem): ResponseInputItem {
  const { parsed_arguments: _parsed, ...rest } = item as ResponseOutputItem & { parsed_arguments?: unknown };
  if (rest.type !== 'message') return rest as ResponseInputItem;
  const content = rest.content.map((part) => {
    const { parsed: _also, ...bare } = part as typeof part & { parsed?: unknown };
    return bare;
  });
  return { ...rest, content };
}
