import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import type { ChatCompletionCreateParams, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';
import { onePixelPng, weatherParameters } from '../weather-tool.ts';

let vendors: SimulatedVendors;
let client: OpenAI;

beforeAll(async () => {
  vendors = await startSimulatedVendors();
  client = new OpenAI({ baseURL: `${vendors.urls.openai}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'How does water flow?' }];
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: weatherParameters } }];

const finished = (
  request: Omit<ChatCompletionCreateParams, 'stream' | 'messages'> & { messages?: ChatCompletionMessageParam[] },
) => client.chat.completions.stream({ messages, ...request }).finalChatCompletion();

const post = async (body: object) => {
  const response = await fetch(`${vendors.urls.openai}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'sim-text', messages, ...body }),
  });
  return { status: response.status, body: (await response.json()) as { error: { message: string; param: string } } };
};

describe('the OpenAI Chat simulation', () => {
  it('answers the official SDK, streamed and whole', async () => {
    const whole = await client.chat.completions.create({ model: 'sim-text', messages });
    const streamed = await finished({ model: 'sim-text', stream_options: { include_usage: true } });
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('Größe: 🌊'), refusal: null },
    });
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(streamed.usage?.completion_tokens).toBe(vendors.ledger.last()?.usage?.output);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('plays a tool loop, and needs one result for each call', async () => {
    const first = await finished({ model: 'sim-parallel-tools', tools });
    const message = first.choices[0]?.message;
    const calls = (message?.tool_calls ?? []).filter((call) => call.type === 'function');
    expect(calls.map((call) => call.function.arguments)).toEqual(['{"city":"Paris"}', '{"city":"London"}']);
    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'rain' }));
    const assistant = {
      role: 'assistant' as const,
      content: null,
      tool_calls: calls.map(({ id, type, function: { name, arguments: args } }) => ({
        id,
        type,
        function: { name, arguments: args },
      })),
    };
    const second = await finished({
      model: 'sim-parallel-tools',
      tools,
      messages: [...messages, assistant, ...results],
    });
    expect(second.choices[0]?.message.content).toBe('The tools said: rain | rain.');
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('knows custom tools and the functions of old', async () => {
    const custom = await client.chat.completions.create({
      model: 'sim-tools',
      messages,
      tools: [{ type: 'custom', custom: { name: 'patch' } }],
    });
    expect(custom.choices[0]?.message.tool_calls).toMatchObject([
      { type: 'custom', custom: { name: 'patch', input: 'water' } },
    ]);
    const functions = [{ name: 'get_weather', parameters: weatherParameters }];
    const old = await client.chat.completions.create({ model: 'sim-tools', messages, functions });
    expect(old.choices[0]).toMatchObject({
      finish_reason: 'function_call',
      message: { function_call: { arguments: '{"city":"Paris"}' } },
    });
  });

  it('counts thoughts without showing them', async () => {
    const thinking = await client.chat.completions.create({ model: 'sim-reasoning', messages });
    expect(thinking.usage?.completion_tokens_details?.reasoning_tokens).toBe(vendors.ledger.last()?.usage?.reasoning);
  });

  it('tells cached tokens', async () => {
    const cached = await client.chat.completions.create({ model: 'sim-cached', messages });
    const truth = vendors.ledger.last()?.usage;
    expect(cached.usage?.prompt_tokens).toBe(
      Number(truth?.inputUncached) + Number(truth?.cacheRead) + Number(truth?.cacheWrite),
    );
    expect(cached.usage?.prompt_tokens_details?.cached_tokens).toBe(truth?.cacheRead);
  });

  it('refuses, filters and stops early', async () => {
    expect((await finished({ model: 'sim-refusal' })).choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { refusal: expect.stringContaining('sorry') },
    });
    expect((await client.chat.completions.create({ model: 'sim-filtered', messages })).choices[0]?.finish_reason).toBe(
      'content_filter',
    );
    const short = await client.chat.completions.create({ model: 'sim-text', messages, max_tokens: 3 });
    expect(short.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'Water flows through' } });
    const stopped = await client.chat.completions.create({ model: 'sim-text', messages, stop: ' the' });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Water flows through' } });
  });

  it('describes media, fits a schema, and embeds', async () => {
    const image_url = { url: `data:image/png;base64,${onePixelPng}` };
    const seen = await client.chat.completions.create({
      model: 'sim-image',
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url }] }],
    });
    expect(seen.choices[0]?.message.content).toMatch(/^image image\/png 70 bytes/);
    const json_schema = { name: 'place', strict: true, schema: weatherParameters };
    const structured = await client.chat.completions.create({
      model: 'sim-structured',
      messages,
      response_format: { type: 'json_schema', json_schema },
    });
    expect(structured.choices[0]?.message.content).toBe('{"city":"Paris"}');
    const plain = await client.embeddings.create({ model: 'e', input: ['a', 'b'], encoding_format: 'float' });
    const packed = await client.embeddings.create({ model: 'e', input: ['a', 'b'] });
    expect(packed.data.map(({ embedding }) => [...embedding])).toEqual(plain.data.map(({ embedding }) => embedding));
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('fails as the vendor does', async () => {
    await expect(client.chat.completions.create({ model: 'sim-error-quota', messages })).rejects.toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    });
    await expect(client.chat.completions.create({ model: 'none', messages })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    await expect(finished({ model: 'sim-error-mid-stream' })).rejects.toMatchObject({ type: 'server_error' });
    await expect(finished({ model: 'sim-cut' })).rejects.toThrow();
    await expect(finished({ model: 'sim-truncated' })).rejects.toThrow(/finish_reason/);
  });
});

describe('what the OpenAI Chat simulation refuses', () => {
  const call = {
    role: 'assistant',
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
  };
  const tool = (parameters: object, strict = false) => ({
    tools: [{ type: 'function', function: { name: 'f', parameters, strict } }],
  });
  const cases: [string, object, RegExp][] = [
    ['an unknown field', { top_k: 1 }, /^Unknown parameter: 'top_k'\.$/],
    [
      'an unknown field inside',
      { messages: [{ role: 'user', content: 'a', x: 1 }] },
      /^Unknown parameter: 'messages\[0\]\.x'\.$/,
    ],
    ['no messages', { messages: undefined }, /^Missing required parameter: 'messages'\.$/],
    ['empty tools', { tools: [] }, /^Invalid 'tools': empty array/],
    ['a choice without tools', { tool_choice: 'auto' }, /'tool_choice' is only allowed when 'tools' are specified/],
    ['a call without result', { messages: [...messages, call, ...messages] }, /did not have response messages: c1/],
    [
      'a result without call',
      { messages: [{ role: 'tool', tool_call_id: 'c', content: 'x' }] },
      /must be a response to a preceeding message/,
    ],
    [
      'a long id',
      { messages: [...messages, { ...call, tool_calls: [{ ...call.tool_calls[0], id: 'c'.repeat(41) }] }] },
      /maximum length 40/,
    ],
    [
      'options of a stream that is none',
      { stream_options: { include_usage: true } },
      /only allowed when 'stream' is enabled/,
    ],
    ['an object without properties', tool({ type: 'object' }), /object schema missing properties/],
    [
      'an open object in strict mode',
      tool({ type: 'object', properties: { a: { type: 'string' } } }, true),
      /'additionalProperties' is required/,
    ],
    ['a bad name', { tools: [{ type: 'function', function: { name: 'a b' } }] }, /pattern/],
    ['JSON that nobody mentioned', { response_format: { type: 'json_object' } }, /must contain the word 'json'/],
    ['a fifth stop', { stop: ['1', '2', '3', '4', '5'] }, /'stop'/],
    ['max_tokens for a reasoner', { model: 'gpt-5-sim-text', max_tokens: 5 }, /Use 'max_completion_tokens' instead/],
    ['a temperature for a reasoner', { model: 'o3-sim-text', temperature: 0.5 }, /Only the default \(1\) value/],
    [
      'an effort for another model',
      { model: 'gpt-4o-sim-text', reasoning_effort: 'low' },
      /'reasoning_effort' is not supported/,
    ],
    [
      'tools with gpt-5.6',
      { model: 'gpt-5.6-sim-tools', ...tool({ type: 'object', properties: {} }) },
      /use \/v1\/responses or set reasoning_effort to 'none'/,
    ],
    [
      'tools with effort and gpt-5.4',
      { model: 'gpt-5.4-sim-tools', reasoning_effort: 'low', ...tool({ type: 'object', properties: {} }) },
      /not supported for gpt-5\.4/,
    ],
    [
      'an image of an odd type',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/tiff;base64,AAAA' } }] },
        ],
      },
      /unsupported image/,
    ],
  ];

  it.each(cases)('%s', async (_name, body, message) => {
    const answer = await post(body);
    expect({ status: answer.status, message: answer.body.error.message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(vendors.ledger.violations).not.toEqual([]);
  });

  it('no tools with gpt-5.6 when the effort is none', async () => {
    const answer = await post({
      model: 'gpt-5.6-sim-tools',
      reasoning_effort: 'none',
      ...tool({ type: 'object', properties: {} }),
    });
    expect(answer.status).toBe(200);
  });
});
