import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Mistral } from '@mistralai/mistralai';
import type { ChatCompletionRequestMessage } from '@mistralai/mistralai/models/components/index.js';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';
import { onePixelPng, weatherParameters } from '../weather-tool.ts';

let vendors: SimulatedVendors;
let client: Mistral;

beforeAll(async () => {
  vendors = await startSimulatedVendors();
  client = new Mistral({ serverURL: vendors.urls.mistral, apiKey: 'any', retryConfig: { strategy: 'none' } });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const messages = [{ role: 'user' as const, content: 'How does water flow?' }];
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: weatherParameters } }];

const stream = async (model: string, extra: object = {}) => {
  const events = await client.chat.stream({ model, messages, ...extra });
  const chunks = [];
  for await (const { data } of events) chunks.push(data);
  return chunks;
};

const post = async (body: object, path = '/v1/chat/completions') => {
  const response = await fetch(`${vendors.urls.mistral}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'sim-text', messages, ...body }),
  });
  return { status: response.status, text: await response.text() };
};

describe('the Mistral simulation', () => {
  it('answers the official SDK, with the usage on the last chunk whether asked for or not', async () => {
    const whole = await client.chat.complete({ model: 'sim-text', messages });
    const chunks = await stream('sim-text');
    expect(chunks.map(({ choices }) => choices[0]?.delta.content as string).join('')).toBe(
      whole.choices[0]?.message?.content,
    );
    expect(chunks.at(-1)).toMatchObject({
      choices: [{ finishReason: 'stop' }],
      usage: { completionTokens: vendors.ledger.last()?.usage?.output },
    });
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('plays a tool loop with ids of nine characters', async () => {
    const first = await client.chat.complete({ model: 'sim-parallel-tools', messages, tools });
    const message = first.choices[0]?.message;
    const calls = message?.toolCalls ?? [];
    expect(calls.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^[A-Za-z0-9]{9}$/),
      expect.stringMatching(/^[A-Za-z0-9]{9}$/),
    ]);
    expect(calls.map((call) => call.function.arguments)).toEqual(['{"city":"Paris"}', '{"city":"London"}']);
    const history: ChatCompletionRequestMessage[] = [
      ...messages,
      { role: 'assistant', content: '', toolCalls: calls },
      ...calls.map(({ id = '' }) => ({ role: 'tool' as const, toolCallId: id, name: 'get_weather', content: 'rain' })),
    ];
    const second = await client.chat.complete({ model: 'sim-parallel-tools', messages: history, tools });
    expect(second.choices[0]?.message?.content).toBe('The tools said: rain | rain.');
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('puts thoughts into arrays of content', async () => {
    const whole = await client.chat.complete({ model: 'sim-reasoning', messages });
    expect(whole.choices[0]?.message?.content).toMatchObject([{ type: 'thinking' }, { type: 'text' }]);
    const chunks = await stream('sim-reasoning');
    expect(chunks[1]?.choices[0]?.delta.content).toMatchObject([{ type: 'thinking', thinking: [{ text: 'The' }] }]);
  });

  it('streams calls whole, on the chunk of the finish', async () => {
    const chunks = await stream('sim-tools', { tools, toolChoice: 'any' });
    expect(chunks.at(-1)?.choices[0]).toMatchObject({
      finishReason: 'tool_calls',
      delta: { toolCalls: [{ function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }] },
    });
  });

  it('streams calls before the finish, when it is odd', async () => {
    const chunks = await stream('sim-odd', { tools });
    expect(chunks.at(-2)?.choices[0]?.delta.toolCalls).toHaveLength(1);
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ finishReason: 'tool_calls', delta: { content: '' } });
  });

  it('embeds, fills in, looks at images, repeats a prefix and fits a schema', async () => {
    const { data } = await client.embeddings.create({ model: 'mistral-embed', inputs: ['a', 'b'], outputDimension: 4 });
    expect(data.map(({ embedding }) => embedding?.length)).toEqual([4, 4]);
    const filled = await client.fim.complete({ model: 'sim-echo', prompt: 'f(', suffix: ')' });
    expect(filled.choices?.[0]?.message?.content).toBe('f()');
    const image = { type: 'image_url' as const, imageUrl: `data:image/png;base64,${onePixelPng}` };
    const seen = await client.chat.complete({ model: 'sim-image', messages: [{ role: 'user', content: [image] }] });
    expect(seen.choices[0]?.message?.content).toMatch(/^image image\/png 70 bytes/);
    const prefixed = await client.chat.complete({
      model: 'sim-text',
      messages: [...messages, { role: 'assistant', content: 'So: ', prefix: true }],
    });
    expect(prefixed.choices[0]?.message?.content).toMatch(/^So: Water/);
    const responseFormat = {
      type: 'json_schema' as const,
      jsonSchema: { name: 'x', schemaDefinition: weatherParameters },
    };
    const structured = await client.chat.complete({ model: 'sim-structured', messages, responseFormat });
    expect(structured.choices[0]?.message?.content).toBe('{"city":"Paris"}');
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('fails as the vendor does', async () => {
    expect(await post({ model: 'sim-error-rate-limit' })).toMatchObject({
      status: 429,
      text: expect.stringContaining('rate_limited'),
    });
    expect((await post({ model: 'nothing' })).text).toContain('Invalid model: nothing');
  });
});

describe('what the Mistral simulation refuses', () => {
  const user = messages[0];
  const call = (id: string) => ({
    role: 'assistant',
    content: '',
    tool_calls: [{ id, function: { name: 'f', arguments: '{}' } }],
  });
  const result = (id: string) => ({ role: 'tool', content: 'x', tool_call_id: id, name: 'f' });
  const cases: [string, object, number, RegExp][] = [
    ['an unknown field', { user: 'u' }, 422, /"extra_forbidden","loc":\["body","user"\]/],
    ['max_completion_tokens', { max_completion_tokens: 5 }, 422, /extra_forbidden/],
    ['stream_options', { stream: true, stream_options: { include_usage: true } }, 422, /extra_forbidden/],
    [
      'a name on a message',
      { messages: [{ role: 'user', content: 'a', name: 'n' }] },
      422,
      /"loc":\["body","messages",0,"name"\]/,
    ],
    [
      'reasoning_content',
      { messages: [user, { role: 'assistant', content: 'a', reasoning_content: 'r' }, user] },
      422,
      /reasoning_content/,
    ],
    ['a developer', { messages: [{ role: 'developer', content: 'a' }] }, 422, /role/],
    ['no tools at all', { tools: [] }, 422, /tools/],
    ['a tool without parameters', { tools: [{ type: 'function', function: { name: 'f' } }] }, 422, /"missing"/],
    [
      'a long id',
      { messages: [user, call('call_abcdef'), result('call_abcdef')] },
      400,
      /Tool call id was call_abcdef but must be/,
    ],
    [
      'a user behind a tool',
      { messages: [user, call('abcdefghi'), result('abcdefghi'), user] },
      400,
      /Unexpected role 'user' after role 'tool'.*3230/,
    ],
    ['a system in between', { messages: [user, { role: 'system', content: 'a' }, user] }, 400, /3230/],
    [
      'an assistant at the end',
      { messages: [user, { role: 'assistant', content: 'a' }] },
      400,
      /Expected last role User or Tool/,
    ],
    [
      'a missing result',
      { messages: [user, call('abcdefghi'), user] },
      400,
      /Not the same number of function calls and responses/,
    ],
    [
      'an empty assistant',
      { messages: [user, { role: 'assistant', content: '' }, user] },
      400,
      /either content or tool_calls/,
    ],
  ];

  it.each(cases)('%s', async (_name, body, status, message) => {
    expect(await post(body)).toEqual({ status, text: expect.stringMatching(message) });
    expect(vendors.ledger.violations).not.toEqual([]);
  });
});
