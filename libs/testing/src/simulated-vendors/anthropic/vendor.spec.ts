import Anthropic from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OldAnthropic from 'anthropic-sdk-0';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';
import { mintSignature } from '../turn/signature-mint.ts';
import { onePixelPng, weatherParameters } from '../weather-tool.ts';

let vendors: SimulatedVendors;
let client: Anthropic;
let older: OldAnthropic;

beforeAll(async () => {
  vendors = await startSimulatedVendors();
  client = new Anthropic({ baseURL: vendors.urls.anthropic, apiKey: 'sk-any', maxRetries: 0 });
  older = new OldAnthropic({ baseURL: vendors.urls.anthropic, apiKey: 'sk-any', maxRetries: 0 });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const tools: Anthropic.Tool[] = [{ name: 'get_weather', input_schema: { ...weatherParameters, required: ['city'] } }];
const user = (content: Anthropic.MessageParam['content']): Anthropic.MessageParam => ({ role: 'user', content });
const ask = { max_tokens: 4000, messages: [user('How does water flow?')] };

/** Sends what no SDK would. */
const post = async (body: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${vendors.urls.anthropic}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01', ...headers },
    body: JSON.stringify({ model: 'sim-text', ...ask, ...body }),
  });
  return { status: response.status, body: (await response.json()) as { error: { type: string; message: string } } };
};

describe('the Anthropic simulation', () => {
  it('answers both generations of the SDK the same, streamed and whole', async () => {
    const whole = await client.messages.create({ model: 'sim-text', ...ask });
    const streamed = await client.messages.stream({ model: 'sim-text', ...ask }).finalMessage();
    const byOlder = await older.messages.stream({ model: 'sim-text', ...ask }).finalMessage();
    expect(whole.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('Größe: 🌊') });
    expect(streamed.content).toEqual(whole.content);
    expect(byOlder.content[0]).toMatchObject({ text: (whole.content[0] as Anthropic.TextBlock).text });
    expect(whole).toMatchObject({ stop_reason: 'end_turn', stop_details: null, container: null });
    expect(streamed.usage.output_tokens).toBe(vendors.ledger.entries[1]?.usage?.output);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('plays a tool loop with signed thoughts', async () => {
    const request = {
      model: 'sim-reasoning-tools',
      ...ask,
      tools,
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
    };
    const first = await client.messages.stream(request).finalMessage();
    expect(first.content.map(({ type }) => type)).toEqual(['thinking', 'tool_use']);
    expect(first.stop_reason).toBe('tool_use');
    const call = first.content[1] as Anthropic.ToolUseBlock;
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Paris' } });
    const messages: Anthropic.MessageParam[] = [
      ...ask.messages,
      { role: 'assistant', content: first.content },
      user([{ type: 'tool_result', tool_use_id: call.id, content: 'rain' }]),
    ];
    const second = await client.messages.create({ ...request, messages });
    expect(second.content.at(-1)).toMatchObject({ type: 'text', text: 'The tools said: rain.' });
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('calls two tools at once unless that is forbidden', async () => {
    const request = { model: 'sim-parallel-tools', ...ask, tools };
    const two = await client.messages.stream(request).finalMessage();
    expect(two.content).toMatchObject([{ input: { city: 'Paris' } }, { input: { city: 'London' } }]);
    const one = await client.messages.create({
      ...request,
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(one.content).toHaveLength(1);
  });

  it('hides thoughts on demand but signs them', async () => {
    const thinking = { type: 'adaptive' as const, display: 'omitted' as const };
    const { content } = await client.messages.stream({ model: 'sim-reasoning', ...ask, thinking }).finalMessage();
    expect(content[0]).toMatchObject({ type: 'thinking', thinking: '', signature: expect.stringMatching(/.{20}/) });
    const messages = [...ask.messages, { role: 'assistant' as const, content }, user('and then?')];
    await client.messages.create({ model: 'sim-text', max_tokens: 100, messages });
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('refuses in its own way, and has no blocks for it', async () => {
    const message = await client.messages.stream({ model: 'sim-refusal', ...ask }).finalMessage();
    expect(message).toMatchObject({ content: [], stop_reason: 'refusal', stop_details: { type: 'refusal' } });
  });

  it('streams a call without arguments as a block without deltas', async () => {
    const bare: Anthropic.Tool[] = [{ name: 'now', input_schema: { type: 'object', properties: {} } }];
    const message = await client.messages.stream({ model: 'sim-tools', ...ask, tools: bare }).finalMessage();
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'now', input: {} }]);
  });

  it('tells the tokens of a cache apart', async () => {
    const { usage } = await client.messages.create({ model: 'sim-cached', ...ask });
    const truth = vendors.ledger.last()?.usage;
    expect(usage.cache_read_input_tokens).toBeGreaterThan(0);
    expect(usage).toMatchObject({
      input_tokens: truth?.inputUncached,
      cache_read_input_tokens: truth?.cacheRead,
      cache_creation_input_tokens: truth?.cacheWrite,
    });
  });

  it('describes the media that it got, and fits a schema', async () => {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: onePixelPng };
    const image = await client.messages.create({
      ...ask,
      model: 'sim-image',
      messages: [user([{ type: 'image', source }])],
    });
    expect(image.content[0]).toMatchObject({ text: expect.stringMatching(/^image image\/png 70 bytes sha256:/) });
    const format = { type: 'json_schema' as const, schema: weatherParameters };
    const structured = await client.messages.create({ model: 'sim-structured', ...ask, output_config: { format } });
    expect(structured.content[0]).toMatchObject({ text: '{"city":"Paris"}' });
  });

  it('fails as the vendor does', async () => {
    await expect(client.messages.create({ model: 'sim-error-rate-limit', ...ask })).rejects.toMatchObject({
      status: 429,
      type: 'rate_limit_error',
    });
    await expect(
      client.messages.stream({ model: 'sim-error-first-event', ...ask }).finalMessage(),
    ).rejects.toMatchObject({ type: 'overloaded_error' });
    await expect(client.messages.stream({ model: 'sim-truncated', ...ask }).finalMessage()).rejects.toThrow(/Message/);
    expect((await post({ model: 'no-such-model' })).status).toBe(404);
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('repeats its start and corrects the count of the input, when it is odd', async () => {
    const events = [];
    for await (const event of await client.messages.create({ model: 'sim-odd', ...ask, tools, stream: true }))
      events.push(event);
    const starts = events.filter((event) => event.type === 'message_start');
    const [end] = events.filter((event) => event.type === 'message_delta');
    expect(starts).toHaveLength(2);
    expect(starts[0]?.message.usage.input_tokens).toBeLessThan(Number(end?.usage.input_tokens));
    expect(end?.usage.input_tokens).toBe(vendors.ledger.last()?.usage?.inputUncached);
  });

  it('counts tokens and lists models', async () => {
    expect(await client.messages.countTokens({ model: 'sim-text', messages: ask.messages })).toEqual({
      input_tokens: expect.any(Number),
    });
    expect((await client.models.list()).data[0]).toMatchObject({ type: 'model', id: 'sim-text' });
  });
});

describe('what the Anthropic simulation refuses', () => {
  const call = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] };
  const result = { type: 'tool_result', tool_use_id: 'a', content: 'x' };
  const cases: [string, object, RegExp, Record<string, string>?][] = [
    ['an unknown field', { foo: 1 }, /^foo: Extra inputs are not permitted$/],
    [
      'an unknown field deep down',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a', x: 1 }] }] },
      /^messages\.0\.content\.0\.x: Extra/,
    ],
    ['no max_tokens', { max_tokens: undefined }, /^max_tokens: Field required$/],
    ['a beta field without its header', { context_management: {} }, /^context_management: Extra/],
    ['an empty text', { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, /must be non-empty/],
    [
      'a beginning by the assistant',
      { messages: [{ role: 'assistant', content: 'a' }] },
      /first message must use the "user" role/,
    ],
    ['white space at the end', { messages: [user('a'), { role: 'assistant', content: 'b ' }] }, /trailing whitespace/],
    ['a call without result', { messages: [user('a'), call, user('b')] }, /`tool_use` ids were found without/],
    [
      'text before the result',
      { messages: [user('a'), call, { role: 'user', content: [{ type: 'text', text: 'b' }, result] }] },
      /without `tool_result`/,
    ],
    ['a result without call', { messages: [{ role: 'user', content: [result] }] }, /unexpected `tool_use_id`/],
    [
      'arguments that are no object',
      { messages: [user('a'), { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: 'x' }] }] },
      /input: .*expected record/,
    ],
    [
      'a forged signature',
      {
        messages: [
          user('a'),
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 't', signature: 'gw1:gemini:x:y' },
              { type: 'text', text: 'b' },
            ],
          },
          user('c'),
        ],
      },
      /Invalid `signature` in `thinking` block/,
    ],
    [
      'changed thoughts',
      {
        messages: [
          user('a'),
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'other', signature: mintSignature('anthropic', 't') },
              { type: 'text', text: 'b' },
            ],
          },
          user('c'),
        ],
      },
      /Invalid `signature`/,
    ],
    [
      'a budget over the bound',
      { max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 2000 } },
      /greater than `thinking.budget_tokens`/,
    ],
    [
      'a forced tool while thinking',
      { tools, tool_choice: { type: 'any' }, thinking: { type: 'enabled', budget_tokens: 1024 } },
      /forces tool use/,
    ],
    [
      'lost thoughts',
      {
        thinking: { type: 'enabled', budget_tokens: 1024 },
        messages: [user('a'), call, { role: 'user', content: [result] }],
      },
      /Expected `thinking`/,
    ],
    ['too warm a temperature', { temperature: 1.5 }, /^temperature: /],
    [
      'a temperature in the newest version',
      { temperature: 1 },
      /Sampling parameters/,
      { 'anthropic-version': '2026-10-21' },
    ],
    ['a temperature for a new model', { model: 'claude-opus-5-sim-text', temperature: 1 }, /Sampling parameters/],
    [
      'a budget for a new model',
      { model: 'claude-opus-5-sim-text', thinking: { type: 'enabled', budget_tokens: 1024 } },
      /adaptive/,
    ],
    [
      'prefill for a new model',
      { model: 'claude-sonnet-5-sim-text', messages: [user('a'), { role: 'assistant', content: 'b' }] },
      /prefill/,
    ],
    [
      'adaptive thinking for an old model',
      { model: 'claude-sonnet-4-5-sim-text', thinking: { type: 'adaptive' } },
      /adaptive/,
    ],
    [
      'five marks for the cache',
      { system: Array.from({ length: 5 }, () => ({ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } })) },
      /maximum of 4/,
    ],
    [
      'an image/jpg',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/jpg', data: onePixelPng } }],
          },
        ],
      },
      /media_type/,
    ],
    ['a choice without tools', { tool_choice: { type: 'auto' } }, /while providing `tools`/],
    ['a schema without type', { tools: [{ name: 'f', input_schema: {} }] }, /input_schema/],
    [
      'an open schema of the output',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      /explicitly set to false/,
    ],
    [
      'a system message in between',
      { messages: [user('a'), { role: 'system', content: 'b' }] },
      /Unexpected role "system"/,
    ],
    ['only white space to stop at', { stop_sequences: ['\n'] }, /non-whitespace/],
    ['no version', {}, /anthropic-version: header is required/, { 'anthropic-version': '' }],
  ];

  it.each(cases)('%s', async (...[, body, message, headers]) => {
    const answer = await post(body, headers);
    expect({ status: answer.status, message: answer.body.error.message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(vendors.ledger.violations).not.toEqual([]);
  });

  it('a request without a key', async () => {
    const response = await fetch(`${vendors.urls.anthropic}/v1/messages`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(vendors.ledger.violations).toMatchObject([{ kind: 'credentials', vendor: 'anthropic' }]);
  });
});
