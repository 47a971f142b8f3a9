import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import OpenAI, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, models, type Scenario } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;
let openai: OpenAI;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
  openai = new OpenAI({ apiKey: scenario.key, baseURL: scenario.baseUrl, maxRetries: 0 });
});
afterAll(() => upstream.stop());

const ask = (content: string): OpenAI.ChatCompletionMessageParam[] => [{ role: 'user', content }];
const failureOf = (answer: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(answer).then(
    () => undefined,
    (error: unknown) => error,
  );
const itSimulated = upstream.simulation ? it : it.skip;
const itWithEmbeddings = upstream.embeddingsModel === null ? it.skip : it;

/** An SDK whose key may send one request per second. */
async function limitedClient(maxRetries: number): Promise<OpenAI> {
  const { baseUrl } = scenario;
  const limits = [{ unit: 'requests', window: 'second', max: 1 }];
  const { key } = await createCaller({ admin: platform.admin, baseUrl }, { limits });
  return new OpenAI({ apiKey: key, baseURL: baseUrl, maxRetries });
}

describe("OpenAI's SDK for Node", () => {
  it('completes a chat', async () => {
    const completion = await openai.chat.completions.create({ model: models.chat, messages: ask('Hello') });
    expect(completion.choices[0]!.message.content).toMatch(/\w+ \w+/);
    expect(completion.usage!.total_tokens).toBeGreaterThan(0);
    expect(completion._request_id).toBeTruthy();
  });

  it('streams a chat with usage', async () => {
    const options = { stream: true as const, stream_options: { include_usage: true } };
    const stream = await openai.chat.completions.create({ model: models.chat, messages: ask('Hello'), ...options });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toMatch(/\w+ \w+/);
    expect(chunks.at(-1)!.usage!.completion_tokens).toBeGreaterThan(0);
  });

  it('lists the models', async () => {
    const ids = (await Array.fromAsync(openai.models.list())).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([models.chat]));
    expect((await openai.models.retrieve(models.chat)).id).toBe(models.chat);
  });

  itWithEmbeddings('embeds texts, which it asks for in base64', async () => {
    const { data } = await openai.embeddings.create({ model: models.embeddings, input: ['water', 'turbine'] });
    expect(data).toHaveLength(2);
    expect(data[0]!.embedding.length).toBeGreaterThan(1);
    expect(data[0]!.embedding.every(Number.isFinite)).toBe(true);
  });

  it('raises AuthenticationError for a wrong key', async () => {
    const stranger = new OpenAI({ apiKey: 'sk-wrong', baseURL: scenario.baseUrl, maxRetries: 0 });
    const error = await failureOf(stranger.chat.completions.create({ model: models.chat, messages: ask('Hello') }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('raises NotFoundError for an unknown model', async () => {
    const error = await failureOf(openai.chat.completions.create({ model: 'no-such-model', messages: ask('Hello') }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found' });
  });

  it('raises BadRequestError for a value that the upstream refuses', async () => {
    const body = { model: models.chat, messages: ask('Hello'), temperature: 'warm' as unknown as number };
    expect(await failureOf(openai.chat.completions.create(body))).toBeInstanceOf(BadRequestError);
  });

  it('raises RateLimitError at a limit, with the time to wait', async () => {
    const client = await limitedClient(0);
    const send = (): PromiseLike<unknown> =>
      client.chat.completions.create({ model: models.chat, messages: ask('Hi') });
    const error = await waitUntil('the limit', () => failureOf(send()));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(Number((error as RateLimitError).headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  it('waits and tries again by itself at a limit', async () => {
    const client = await limitedClient(3);
    const send = (): PromiseLike<OpenAI.ChatCompletion> =>
      client.chat.completions.create({ model: models.chat, messages: ask('Hi'), max_tokens: 4 });
    for (const completion of [await send(), await send()])
      expect(completion.usage!.completion_tokens).toBeGreaterThan(0);
  });

  it('stops the generation when it leaves a stream', async () => {
    const stream = await openai.chat.completions.create({
      ...upstream.endless,
      model: models.chat,
      messages: ask('Describe water at length'),
      stream: true,
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await waitUntil('the upstream to stop', async () => (await upstream.running()) === 0);
  });

  it('raises APIUserAbortError when its caller aborts', async () => {
    const caller = new AbortController();
    const body = { ...upstream.endless, model: models.chat, messages: ask('Describe water at length') };
    const failure = failureOf(openai.chat.completions.create(body, { signal: caller.signal }));
    await waitUntil('the upstream to generate', async () => (await upstream.running()) > 0);
    caller.abort();
    expect(await failure).toBeInstanceOf(APIUserAbortError);
    await waitUntil('the upstream to stop', async () => (await upstream.running()) === 0);
  });

  itSimulated('raises when the upstream breaks a stream off', async () => {
    const body = { ...upstream.simulation!.cut, model: models.chat, messages: ask('Hello'), stream: true as const };
    const stream = await openai.chat.completions.create(body);
    expect(await failureOf(Array.fromAsync(stream))).toBeInstanceOf(APIError);
  });
});
