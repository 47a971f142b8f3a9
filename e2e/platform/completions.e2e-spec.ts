import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { leaveAfterFirstToken, readChatStream } from '../support/chat-stream.ts';
import type { ChatCompletion } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';
import { createScenario, models, type Scenario } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
});
afterAll(() => upstream.stop());

const itWithEmbeddings = upstream.embeddingsModel === null ? it.skip : it;
if (upstream.embeddingsModel === null) {
  process.stderr.write(`Embeddings are not tested: ${upstream.chatModel} has none.\n`);
}

const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('A chat completion through the gateway', () => {
  it('answers with the text and the usage of the upstream', async () => {
    const response = await scenario.client.chat('Where does the water flow?');
    const completion = (await response.json()) as ChatCompletion;
    expect(response.status).toBe(200);
    expect(completion.object).toBe('chat.completion');
    expect(completion.choices[0]!.message.content).toMatch(/\w+ \w+/);
    expect(completion.choices[0]!.finish_reason).toBe('stop');
    const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = completion.usage;
    expect(input).toBeGreaterThan(0);
    expect(output).toBeGreaterThan(0);
    expect(total).toBe(input + output);
  });

  it('says who served it', async () => {
    const response = await scenario.client.chat('Hello');
    await response.arrayBuffer();
    expect(response.headers.get('x-penstock-provider')).toBe(scenario.providerName);
    expect(response.headers.get('x-penstock-attempts')).toBe('1');
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  it('works without /v1 in the path too', async () => {
    const url = `${scenario.baseUrl.replace(/\/v1$/, '')}/chat/completions`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `bearer ${scenario.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: models.chat, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });

  it('passes a call of a tool back', async () => {
    const completion = await scenario.client.complete('Please call get_weather for Paris', { tools: [weatherTool] });
    const call = completion.choices[0]!.message.tool_calls?.[0];
    expect(completion.choices[0]!.finish_reason).toBe('tool_calls');
    expect(call?.function.name).toBe('get_weather');
    expect(JSON.parse(call!.function.arguments)).toHaveProperty('city');
  });

  it('ends at the limit of tokens that the caller sets', async () => {
    const completion = await scenario.client.complete('Describe a turbine at length', { max_tokens: 5 });
    expect(completion.choices[0]!.finish_reason).toBe('length');
    expect(completion.usage.completion_tokens).toBe(5);
  });
});

describe('A streamed chat completion', () => {
  it('comes in pieces that make the same text as the answer in one piece', async () => {
    const question = 'Where does the water flow?';
    const whole = await scenario.client.complete(question, { seed: 1, temperature: 0 });
    const response = await scenario.client.chat(question, { stream: true, seed: 1, temperature: 0 });
    const { chunks, text, isDone } = await readChatStream(response);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(isDone).toBe(true);
    expect(text).toBe(whole.choices[0]!.message.content);
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason).find(Boolean)).toBe('stop');
  });

  it('carries the usage when the caller asks for it', async () => {
    const options = { stream: true, stream_options: { include_usage: true } };
    const last = (await readChatStream(await scenario.client.chat('Hello', options))).chunks.at(-1);
    expect(last?.choices).toEqual([]);
    expect(last?.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('hides the usage from a caller that does not ask for it', async () => {
    const { chunks } = await readChatStream(await scenario.client.chat('Hello', { stream: true }));
    expect(chunks.every((chunk) => chunk.choices.length > 0)).toBe(true);
    expect(chunks.every((chunk) => !chunk.usage)).toBe(true);
  });

  it('passes a call of a tool in pieces', async () => {
    const options = { stream: true, tools: [weatherTool] };
    const { chunks } = await readChatStream(await scenario.client.chat('Please call get_weather for Paris', options));
    const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(pieces.find((piece) => piece.function.name)?.function.name).toBe('get_weather');
    expect(JSON.parse(pieces.map((piece) => piece.function.arguments ?? '').join(''))).toHaveProperty('city');
  });
});

describe('A caller that goes away', () => {
  it('stops the generation of a streamed answer', async () => {
    const caller = new AbortController();
    const options = { ...upstream.endless, stream: true, signal: caller.signal };
    const response = await scenario.client.chat('Describe a turbine at length', options);
    await leaveAfterFirstToken(response);
    caller.abort();
    await expectNothingRuns();
  });

  it('stops the generation of an answer in one piece', async () => {
    const caller = new AbortController();
    const options = { ...upstream.endless, signal: caller.signal };
    const answer = scenario.client.chat('Describe a turbine at length', options);
    await waitUntil('the upstream to generate', async () => (await upstream.running()) > 0);
    caller.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    await expectNothingRuns();
  });

  it('gives its place in the gateway free', async () => {
    await waitUntil('no request in work', async () => (await platform.metric('penstock_inflight_requests')) === 0);
  });
});

/** The upstream works on nothing any more: of what it generates from now on, every token is of the answer that we ask for. */
async function expectNothingRuns(): Promise<void> {
  await waitUntil('the upstream to stop', async () => (await upstream.running()) === 0);
  const before = await upstream.generated();
  const { usage } = await scenario.client.complete('Hello');
  await waitUntil('the tokens to be counted', async () => (await upstream.generated()) > before);
  expect((await upstream.generated()) - before).toBe(usage.completion_tokens);
}

describe('The other operations', () => {
  it('list the models that the key may use', async () => {
    const response = await scenario.client.get('/models');
    const { object, data } = (await response.json()) as { object: string; data: { id: string; object: string }[] };
    expect(object).toBe('list');
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining([models.chat, models.other]));
    expect(data.every((model) => model.object === 'model')).toBe(true);
  });

  it('show one model', async () => {
    const response = await scenario.client.get(`/models/${models.chat}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: models.chat, object: 'model' });
  });

  itWithEmbeddings('embed texts', async () => {
    const response = await scenario.client.post('/embeddings', {
      model: models.embeddings,
      input: ['water', 'turbine'],
    });
    const answer = (await response.json()) as { data: { embedding: number[]; index: number }[]; usage: object };
    expect(response.status).toBe(200);
    expect(answer.data.map(({ index }) => index)).toEqual([0, 1]);
    expect(answer.data[0]!.embedding.length).toBeGreaterThan(1);
    expect(answer.usage).toMatchObject({ prompt_tokens: expect.any(Number) });
  });
});
