import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import OpenAI from 'openai';
import { failureOf } from './support/failure-of.ts';
import { modelOf, type ProviderName, SdkWorld } from './support/sdk-world.ts';

let world: SdkWorld;
let openai: OpenAI;
beforeAll(async () => {
  world = await SdkWorld.create();
  openai = new OpenAI({ baseURL: `${world.gateway.url}/v1`, apiKey: world.keys.full, maxRetries: 0 });
});
afterAll(() => world.dispose());
beforeEach(() => world.vendors.reset());

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const city = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** Without what the SDK's stream helpers add to their results, which OpenAI's own API refuses when it is sent back. */
function asSent<T>(value: T): T {
  const text = JSON.stringify(value, (key, member: unknown) => (key.startsWith('parsed') ? undefined : member));
  return JSON.parse(text) as T;
}

const noViolations = (): void => expect(world.vendors.ledger.violations).toEqual([]);

describe.each<{ provider: ProviderName; how: string }>([
  { provider: 'lab', how: 'translated to Chat Completions' },
  { provider: 'openai', how: "passed through to OpenAI's API" },
  { provider: 'claude', how: "translated to Anthropic's dialect" },
  { provider: 'google', how: "translated to Gemini's dialect" },
])("Responses of OpenAI's SDK, $how", ({ provider }) => {
  const model = (scenario: string): string => modelOf(provider, scenario);
  const tool: OpenAI.Responses.FunctionTool = { type: 'function', name: 'get_weather', parameters, strict: false };

  it('creates a response', async () => {
    const response = await openai.responses.create({ model: model('text'), input: 'Hello', store: false });
    expect(response).toMatchObject({ object: 'response', status: 'completed', error: null });
    expect(response.output_text).toContain('Water flows');
    expect(response.usage!.output_tokens).toBeGreaterThan(0);
    expect(response._request_id).toBeTruthy();
  });

  it('streams a response and puts it together', async () => {
    const stream = openai.responses.stream({ model: model('text'), input: 'Hello', store: false });
    let text = '';
    stream.on('response.output_text.delta', ({ delta }) => (text += delta));
    const response = await stream.finalResponse();
    expect(text).toContain('Water flows');
    expect(response).toMatchObject({ status: 'completed', output_text: text });
    expect(response.usage!.total_tokens).toBeGreaterThan(0);
  });

  it.each(['tools', 'reasoning-tools', 'parallel-tools'])('calls tools and goes on: %s', async (scenario) => {
    const body = {
      model: model(scenario),
      tools: [tool],
      store: false,
      include: ['reasoning.encrypted_content' as const],
    };
    const question: OpenAI.Responses.ResponseInputItem = { role: 'user', content: 'Is it warm?' };
    const first = await openai.responses.stream({ ...body, input: [question] }).finalResponse();
    const calls = first.output.filter((item) => item.type === 'function_call');
    expect(calls.length).toBe(scenario === 'parallel-tools' ? 2 : 1);
    expect(JSON.parse(calls[0]!.arguments)).toEqual({ city: expect.any(String) });
    const results = calls.map(({ call_id }): OpenAI.Responses.ResponseInputItem => {
      return { type: 'function_call_output', call_id, output: '21 degrees' };
    });
    const turns = [question, ...(asSent(first.output) as OpenAI.Responses.ResponseInputItem[]), ...results];
    const second = await openai.responses.create({ ...body, input: turns });
    expect(second.output_text).toContain('21 degrees');
    noViolations();
  });

  it('answers in the shape of a schema', async () => {
    const format = { type: 'json_schema' as const, name: 'place', schema: city, strict: true };
    const body = { model: model('structured'), input: 'Hello', store: false, text: { format } };
    const { output_parsed: parsed } = await openai.responses.parse(body);
    expect(parsed).toEqual({ city: expect.any(String) });
  });

  it.each(['error-mid-stream', 'cut', 'truncated'])(
    'never passes off half an answer for a whole: %s',
    async (scenario) => {
      const stream = openai.responses.stream({ model: model(scenario), input: 'Hello', store: false });
      const { status } = await stream.finalResponse().catch(() => ({ status: 'raised' }));
      expect(['raised', 'failed', 'incomplete']).toContain(status);
    },
  );

  it('raises APIUserAbortError, and the generation ends, when its caller aborts', async () => {
    const caller = new AbortController();
    const body = { model: model('slow'), input: 'Hello', store: false };
    const failure = failureOf(openai.responses.create(body, { signal: caller.signal }));
    setTimeout(() => caller.abort(), 50);
    expect(await failure).toBeInstanceOf(OpenAI.APIUserAbortError);
    await waitUntil('the upstream to notice', () => world.vendors.ledger.last()?.aborted === true);
  });
});

describe("Responses of OpenAI's SDK", () => {
  it('raises BadRequestError for a previous response, which no translation has', async () => {
    const body = { model: 'lab/sim-text', input: 'Hello', previous_response_id: 'resp_1' };
    const error = await failureOf(openai.responses.create(body));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code: 'unsupported_parameter', param: 'previous_response_id' });
  });

  it('raises RateLimitError, once, when a quota is used up', async () => {
    const spender = new OpenAI({ baseURL: `${world.gateway.url}/v1`, apiKey: world.keys.spent });
    const create = (): PromiseLike<unknown> => spender.responses.create({ model: 'lab/sim-text', input: 'Hello' });
    await create();
    const error = await failureOf(create());
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ code: 'insufficient_quota' });
  });
});

describe.each<{ provider: ProviderName; how: string }>([
  { provider: 'lab', how: 'passed through' },
  { provider: 'claude', how: "translated to Anthropic's dialect" },
  { provider: 'google', how: "translated to Gemini's dialect" },
])("Chat Completions of OpenAI's SDK, $how", ({ provider }) => {
  const model = (scenario: string): string => modelOf(provider, scenario);
  const tool: OpenAI.ChatCompletionTool = { type: 'function', function: { name: 'get_weather', parameters } };
  const question: OpenAI.ChatCompletionMessageParam = { role: 'user', content: 'Is it warm?' };

  it.each(['tools', 'reasoning-tools', 'parallel-tools'])('calls tools and goes on: %s', async (scenario) => {
    const body = { model: model(scenario), tools: [tool] };
    const stream = openai.chat.completions.stream({ ...body, messages: [question] });
    const { message, finish_reason: reason } = (await stream.finalChatCompletion()).choices[0]!;
    expect(reason).toBe('tool_calls');
    const calls = message.tool_calls!.filter((call) => call.type === 'function');
    expect(calls.length).toBe(scenario === 'parallel-tools' ? 2 : 1);
    expect(JSON.parse(calls[0]!.function.arguments)).toEqual({ city: expect.any(String) });
    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: '21 degrees' }));
    const second = await openai.chat.completions.create({ ...body, messages: [question, asSent(message), ...results] });
    expect(second.choices[0]!.message.content).toContain('21 degrees');
    noViolations();
  });

  it('streams with its helper', async () => {
    const options = { include_usage: true };
    const stream = openai.chat.completions.stream({
      model: model('text'),
      messages: [question],
      stream_options: options,
    });
    let text = '';
    stream.on('content', (delta) => (text += delta));
    expect(await stream.finalContent()).toBe(text);
    expect(text).toContain('Water flows');
    expect((await stream.totalUsage()).completion_tokens).toBeGreaterThan(0);
  });

  it('runs tools by itself', async () => {
    const runner = openai.chat.completions.runTools({
      model: model('tools'),
      messages: [question],
      tools: [
        {
          type: 'function',
          function: { name: 'get_weather', description: 'Weather', parameters, function: () => '21 degrees' },
        },
      ],
    });
    expect(await runner.finalContent()).toContain('21 degrees');
  });
});

describe("Embeddings of OpenAI's SDK", () => {
  it.each(['lab', 'openai'])('are the same in its default encoding and as numbers: %s', async (provider) => {
    const body = { model: `${provider}/sim-text`, input: ['water', 'turbine'] };
    const byDefault = await openai.embeddings.create(body);
    const asNumbers = await openai.embeddings.create({ ...body, encoding_format: 'float' });
    expect(byDefault.data).toHaveLength(2);
    for (const [index, { embedding }] of byDefault.data.entries()) {
      expect(embedding).toEqual(asNumbers.data[index]!.embedding.map(Math.fround));
    }
  });
});
