import {
  ApiError,
  type Content,
  FinishReason,
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
  ThinkingLevel,
} from '@google/genai';
import type { BrokenStream, Caller, Door } from '../support/caller.ts';
import type { Answer, Ending, Question } from '../support/conversation.ts';
import { readStream } from '../support/read-stream.ts';
import { Refusal } from '../support/refusal.ts';
import { type Exchange, recordingFetch } from '../support/wire-log.ts';

interface GoogleError {
  readonly error: {
    readonly message: string;
    readonly status: string;
    readonly details?: readonly { readonly reason?: string }[];
  };
}

/** Asks with Google's client, by generateContent. */
export class GenerateContentCaller implements Caller {
  readonly name = 'generate-content';
  readonly title = 'Gemini generateContent';
  readonly path = 'POST /v1beta/models/{model}:generateContent';
  readonly client = '@google/genai';
  readonly kin: Caller['kin'] = ['gemini'];
  readonly thinking = 'level';
  readonly #door: Door;

  constructor(door: Door) {
    this.#door = door;
  }

  async ask(question: Question): Promise<Answer> {
    const { client, exchange } = this.#connect();
    const body = requestOf(question);
    try {
      if (!question.stream) return answerOf([await client.models.generateContent(body)], exchange());
      const pieces: GenerateContentResponse[] = [];
      for await (const piece of await client.models.generateContentStream(body)) pieces.push(piece);
      return answerOf(pieces, exchange());
    } catch (error) {
      throw await refusalOf(error, exchange);
    }
  }

  async read(question: Question): Promise<BrokenStream> {
    const { client, exchange } = this.#connect();
    try {
      for await (const _piece of await client.models.generateContentStream(requestOf(question)));
    } catch (error) {
      if (exchange().response.status !== 200) throw await refusalOf(error, exchange);
    }
    const { response, events } = await readStream(exchange());
    const read = events.map(({ data }) => JSON.parse(data) as GenerateContentResponse & Partial<GoogleError>);
    return {
      ...response,
      text: read
        .flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])
        .map(({ text, thought }) => (thought ? '' : (text ?? '')))
        .join(''),
      complete: read.some(({ candidates }) => candidates?.[0]?.finishReason !== undefined),
      error: read.at(-1)?.error?.message ?? null,
    };
  }

  #connect(): { readonly client: GoogleGenAI; readonly exchange: () => Exchange } {
    const { fetch, exchange } = recordingFetch();
    const { url, key } = this.#door;
    return { client: new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url, fetch } }), exchange };
  }
}

function requestOf(question: Question): GenerateContentParameters {
  const { model, tools, schema, think, maxTokens } = question;
  return {
    model,
    contents: contentsOf(question),
    config: {
      ...(tools && {
        tools: [
          {
            functionDeclarations: tools.map(({ name, description, parameters }) => ({
              name,
              description,
              parametersJsonSchema: parameters,
            })),
          },
        ],
      }),
      ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
      ...(think && { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.HIGH } }),
      ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    },
  };
}

function contentsOf({ say, image, after }: Question): Content[] {
  const parts: Part[] =
    image === undefined ? [{ text: say }] : [{ text: say }, { inlineData: { mimeType: 'image/png', data: image } }];
  if (!after) return [{ role: 'user', parts }];
  const { question, answer, results } = after;
  const told = answer.calls.map(({ id, name }, index): Part => ({
    functionResponse: { ...(id !== '' && { id }), name, response: { output: results[index] ?? '' } },
  }));
  return [
    ...contentsOf(question),
    { role: 'model', parts: answer.turn as Part[] },
    { role: 'user', parts: told.length > 0 ? told : parts },
  ];
}

function answerOf(pieces: readonly GenerateContentResponse[], { requestId, body: wire }: Exchange): Answer {
  const parts = pieces.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  const last = pieces.at(-1);
  const { usageMetadata: usage, modelVersion } = last ?? {};
  if (usage?.promptTokenCount === undefined) throw new Error('the answer has no usage');
  const calls = parts.flatMap(({ functionCall }) =>
    functionCall ? [{ id: functionCall.id ?? '', name: functionCall.name ?? '', input: functionCall.args }] : [],
  );
  const reasons = pieces.flatMap(({ candidates }) => candidates?.[0]?.finishReason ?? []);
  if (reasons.length !== 1) throw new Error(`the answer ended for ${reasons.length} reasons`);
  return {
    requestId,
    wire,
    model: modelVersion ?? '',
    text: parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join(''),
    thoughts: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    calls,
    ending: endingOf(reasons[0], calls.length > 0),
    usage: {
      input: usage.promptTokenCount,
      cachedInput: usage.cachedContentTokenCount ?? 0,
      output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
      reasoning: usage.thoughtsTokenCount ?? null,
    },
    turn: parts,
  };
}

function endingOf(reason: FinishReason | undefined, calls: boolean): Ending {
  if (reason === FinishReason.STOP) return calls ? 'tools' : 'stop';
  if (reason === FinishReason.MAX_TOKENS) return 'length';
  if (reason === FinishReason.SAFETY) return 'refusal';
  throw new Error(`the answer ended for an unexpected reason: ${reason}`);
}

/** Google's client tells the status alone; what else was said is read from the wire. */
async function refusalOf(error: unknown, exchange: () => Exchange): Promise<unknown> {
  if (!(error instanceof ApiError)) return error;
  const { response, body } = exchange();
  if (response.status === 200) return error;
  const told = (JSON.parse(await body) as GoogleError).error;
  const reason = told.details?.find((detail) => detail.reason !== undefined)?.reason;
  return new Refusal({
    status: error.status,
    code: reason ?? told.status,
    message: told.message,
    headers: response.headers,
  });
}
