import { ApiError, type Content, type FunctionDeclaration, GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { shareGlobalDispatcher, waitUntil } from '@penstock/testing';
import { failureOf } from './support/failure-of.ts';
import { modelOf, type ProviderName, SdkWorld } from './support/sdk-world.ts';

let world: SdkWorld;
let google: GoogleGenAI;
beforeAll(async () => {
  shareGlobalDispatcher();
  world = await SdkWorld.create();
  google = clientOf(world.keys.full);
});
afterAll(() => world.dispose());
beforeEach(() => world.vendors.reset());

/** The settings of docs/clients/google-genai.md. */
function clientOf(apiKey: string, apiVersion = 'v1beta'): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: world.gateway.url, apiVersion } });
}

const weather: FunctionDeclaration = {
  name: 'get_weather',
  description: 'The weather in a city',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe.each<{ provider: ProviderName; how: string }>([
  { provider: 'lab', how: 'translated to Chat Completions' },
  { provider: 'claude', how: "translated to Anthropic's dialect" },
  { provider: 'google', how: "passed through to Gemini's API" },
])("Google's SDK, $how", ({ provider }) => {
  const model = (scenario: string): string => modelOf(provider, scenario);

  it('generates content', async () => {
    const response = await google.models.generateContent({ model: model('text'), contents: 'Hello' });
    expect(response.text).toContain('Water flows');
    expect(response.candidates![0]!.finishReason).toBe('STOP');
    expect(response.usageMetadata!.candidatesTokenCount).toBeGreaterThan(0);
    expect(response.usageMetadata!.totalTokenCount).toBeGreaterThan(0);
  });

  it('streams content', async () => {
    const stream = await google.models.generateContentStream({ model: model('text'), contents: 'Hello' });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map(({ text }) => text ?? '').join('')).toContain('Water flows');
    expect(chunks.at(-1)!.candidates![0]!.finishReason).toBe('STOP');
    expect(chunks.at(-1)!.usageMetadata!.totalTokenCount).toBeGreaterThan(0);
  });

  it('obeys the settings of a request', async () => {
    const config = { systemInstruction: 'Be brief.', temperature: 0.2, maxOutputTokens: 3 };
    const response = await google.models.generateContent({ model: model('text'), contents: 'Hello', config });
    expect(response.candidates![0]!.finishReason).toBe('MAX_TOKENS');
    expect(world.vendors.ledger.violations).toEqual([]);
  });

  it.each(['tools', 'reasoning-tools', 'parallel-tools'])('calls tools and goes on: %s', async (scenario) => {
    const config = { tools: [{ functionDeclarations: [weather] }] };
    const question: Content = { role: 'user', parts: [{ text: 'Is it warm?' }] };
    const first = await google.models.generateContent({ model: model(scenario), contents: [question], config });
    const calls = first.functionCalls!;
    expect(calls.length).toBe(scenario === 'parallel-tools' ? 2 : 1);
    expect(calls[0]).toMatchObject({ name: 'get_weather', args: { city: expect.any(String) } });
    const parts = calls.map(({ id, name }) => {
      return { functionResponse: { ...(id && { id }), ...(name && { name }), response: { output: '21 degrees' } } };
    });
    const contents = [question, first.candidates![0]!.content!, { role: 'user', parts }];
    const second = await google.models.generateContent({ model: model(scenario), contents, config });
    expect(second.text).toContain('21 degrees');
    expect(world.vendors.ledger.violations).toEqual([]);
  });

  it('chats, and answers in the shape of a schema', async () => {
    const chat = google.chats.create({ model: model('echo') });
    expect((await chat.sendMessage({ message: 'one' })).text).toBe('one');
    expect((await chat.sendMessage({ message: 'two' })).text).toBe('two');
    expect(chat.getHistory()).toHaveLength(4);
    const responseJsonSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const config = { responseMimeType: 'application/json', responseJsonSchema };
    const response = await google.models.generateContent({ model: model('structured'), contents: 'Hello', config });
    expect(JSON.parse(response.text!)).toEqual({ city: expect.any(String) });
  });

  it.each(['error-mid-stream', 'cut'])('raises when a stream fails: %s', async (scenario) => {
    const stream = await google.models.generateContentStream({ model: model(scenario), contents: 'Hello' });
    expect(await failureOf(Array.fromAsync(stream))).toBeInstanceOf(Error);
  });

  it('raises when its caller aborts, and the generation ends', async () => {
    const caller = new AbortController();
    const config = { abortSignal: caller.signal };
    const answer = google.models.generateContent({ model: model('slow'), contents: 'Hello', config });
    setTimeout(() => caller.abort(), 50);
    expect(await failureOf(answer)).toMatchObject({ name: 'AbortError' });
    await waitUntil('the upstream to notice', () => world.vendors.ledger.last()?.aborted === true);
  });
});

describe("Google's SDK", () => {
  it.each(['lab', 'google'] as const)('may name the version v1: %s', async (provider) => {
    const { models } = clientOf(world.keys.full, 'v1');
    const body = { model: modelOf(provider, 'text'), contents: 'Hello' };
    expect((await models.generateContent(body)).text).toContain('Water flows');
    const chunks = await Array.fromAsync(await models.generateContentStream(body));
    expect(chunks.map(({ text }) => text ?? '').join('')).toContain('Water flows');
  });

  it.each([
    { who: 'a wrong key', key: () => 'psk_wrong', model: 'lab/sim-text', status: 401, word: 'UNAUTHENTICATED' },
    {
      who: 'a model of others',
      key: () => world.keys.narrow,
      model: 'google/sim-text',
      status: 404,
      word: 'NOT_FOUND',
    },
  ])('raises ApiError for $who', async ({ key, model, status, word }) => {
    const error = await failureOf(clientOf(key()).models.generateContent({ model, contents: 'Hello' }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status, message: expect.stringContaining(word) });
  });

  it('raises ApiError at a limit', async () => {
    const ask = (): PromiseLike<unknown> =>
      clientOf(world.keys.limited).models.generateContent({ model: 'lab/sim-text', contents: 'Hello' });
    await ask();
    expect(await failureOf(ask())).toMatchObject({
      status: 429,
      message: expect.stringContaining('RESOURCE_EXHAUSTED'),
    });
  });
});
