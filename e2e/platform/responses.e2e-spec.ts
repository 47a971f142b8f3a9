import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError } from 'openai';
import { failureOf } from '../support/failure-of.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, models, type Scenario } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';
import { usageWhenComplete } from '../support/usage-of-key.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;
let openai: OpenAI;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
  openai = clientWith(scenario.key);
});
afterAll(() => upstream.stop());

const clientWith = (apiKey: string): OpenAI => new OpenAI({ apiKey, baseURL: scenario.baseUrl, maxRetries: 0 });
const itSimulated = upstream.simulation ? it : it.skip;

const hello = { model: models.chat, input: 'Where does the water flow?' };
const weather: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};
const withTool = { model: models.chat, input: 'Please call get_weather for Paris', tools: [weather] };

function callOf({ output }: Pick<OpenAI.Responses.Response, 'output'>): OpenAI.Responses.ResponseFunctionToolCall {
  const call = output.find((item) => item.type === 'function_call');
  if (!call) throw new Error(`There is no call in ${JSON.stringify(output)}.`);
  return call;
}

describe('A response through the gateway', () => {
  it('is created with instructions and its usage', async () => {
    const response = await openai.responses.create({ ...hello, instructions: 'Answer briefly.', store: false });
    expect(response).toMatchObject({ object: 'response', status: 'completed', model: models.chat, error: null });
    expect(response.output_text).toMatch(/\w+ \w+/);
    const { input_tokens: input, output_tokens: output, total_tokens: total } = response.usage!;
    expect(input).toBeGreaterThan(0);
    expect(output).toBeGreaterThan(0);
    expect(total).toBe(input + output);
    expect(response._request_id).toBeTruthy();
  });

  it('is streamed with the same text, its events numbered in order', async () => {
    const whole = await openai.responses.create({ ...hello, temperature: 0 });
    const stream = openai.responses.stream({ ...hello, temperature: 0 });
    const numbers: number[] = [];
    let text = '';
    stream.on('event', (event) => numbers.push(event.sequence_number));
    stream.on('response.output_text.delta', ({ delta }) => (text += delta));
    const response = await stream.finalResponse();
    expect(text).toBe(whole.output_text);
    expect(response.output_text).toBe(text);
    expect(response.status).toBe('completed');
    expect(response.usage).toMatchObject({
      input_tokens: whole.usage!.input_tokens,
      output_tokens: whole.usage!.output_tokens,
    });
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  it('is incomplete at the limit of tokens', async () => {
    const asked = { model: models.chat, input: 'Describe water at length', max_output_tokens: 5 };
    const response = await openai.responses.create(asked);
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(response.usage!.output_tokens).toBe(5);
  });

  it('calls a tool, and goes on with its result', async () => {
    const first = await openai.responses.stream(withTool).finalResponse();
    const call = callOf(first);
    expect(call).toMatchObject({ name: 'get_weather', status: 'completed' });
    expect(JSON.parse(call.arguments)).toEqual({ city: 'Paris' });
    const second = await openai.responses.create({
      ...withTool,
      input: [
        { role: 'user', content: withTool.input },
        ...(first.output as OpenAI.Responses.ResponseInputItem[]),
        { type: 'function_call_output', call_id: call.call_id, output: '21 degrees' },
      ],
    });
    expect(second.output_text).toMatch(/\w+ \w+/);
    expect(second.output.every(({ type }) => type !== 'function_call')).toBe(true);
  });

  it('calls a tool in one piece', async () => {
    const call = callOf(await openai.responses.create(withTool));
    expect(JSON.parse(call.arguments)).toEqual({ city: 'Paris' });
  });

  it('is in the usage of its key, to the token', async () => {
    const { key, keyName } = await createCaller({ admin: platform.admin, baseUrl: scenario.baseUrl });
    const whole = await clientWith(key).responses.create(hello);
    const streamed = await clientWith(key).responses.stream(hello).finalResponse();
    const sumOf = (field: 'input_tokens' | 'output_tokens'): number => whole.usage![field] + streamed.usage![field];
    expect(await usageWhenComplete(platform.admin, keyName, { requests: 2 })).toMatchObject({
      requests: 2,
      errors: 0,
      inputTokens: sumOf('input_tokens'),
      outputTokens: sumOf('output_tokens'),
    });
  });

  it('stops being generated when its caller aborts', async () => {
    upstream.simulation?.answerEndlessly();
    const caller = new AbortController();
    const endless = { model: models.chat, input: 'Describe a turbine at length', stream: true as const };
    const stream = await openai.responses.create(endless, { signal: caller.signal });
    for await (const event of stream) if (event.type === 'response.output_text.delta') break;
    caller.abort();
    await waitUntil('the upstream to stop', async () => (await upstream.running()) === 0);
    const whole = new AbortController();
    const answer = failureOf(openai.responses.create({ ...endless, stream: false }, { signal: whole.signal }));
    await waitUntil('the upstream to generate', async () => (await upstream.running()) > 0);
    whole.abort();
    expect(await answer).toBeInstanceOf(APIUserAbortError);
    await waitUntil('the upstream to stop', async () => (await upstream.running()) === 0);
    upstream.simulation?.behaveAgain();
  });

  itSimulated('sends nothing upstream that the published Chat API does not have', () => {
    expect(upstream.simulation!.truth().violations).toBe(0);
  });
});

describe('A response that cannot be had', () => {
  it.each([{ previous_response_id: 'resp_1' }, { conversation: 'conv_1' }, { background: true }])(
    'is refused: %j',
    async (field) => {
      const error = await failureOf(openai.responses.create({ ...hello, ...field }));
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ code: 'unsupported_parameter', param: Object.keys(field)[0] });
    },
  );

  it('names an unknown model: 404', async () => {
    const error = await failureOf(openai.responses.create({ ...hello, model: 'no-such-model' }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found' });
  });

  it('asks for a WebSocket: 426, upon which agents use HTTP', async () => {
    expect(await upgradeAnswer()).toMatchObject({ status: 426, code: 'upgrade_required' });
  });
});

/** What Codex is told when it asks for a WebSocket. */
function upgradeAnswer(): Promise<{ status: number | undefined; code: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${scenario.key}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const sent = request(`${scenario.baseUrl}/responses`, { headers, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        const { error } = JSON.parse(text) as { error: { code: string } };
        resolve({ status: response.statusCode, code: error.code });
      });
    });
    sent.once('error', reject).once('timeout', () => sent.destroy(new Error('no answer')));
    sent.end();
  });
}
