import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import type { ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { type SimulatedVendors, startSimulatedVendors } from '../simulated-vendors.ts';
import { weatherParameters } from '../weather-tool.ts';

let vendors: SimulatedVendors;
let client: OpenAI;

beforeAll(async () => {
  vendors = await startSimulatedVendors();
  client = new OpenAI({ baseURL: `${vendors.urls.openai}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterEach(() => vendors.reset());
afterAll(() => vendors.stop());

const input = 'How does water flow?';
const tools = [{ type: 'function' as const, name: 'get_weather', parameters: weatherParameters, strict: true }];

const post = async (body: object) => {
  const response = await fetch(`${vendors.urls.openai}/v1/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'sim-text', input, ...body }),
  });
  return { status: response.status, body: (await response.json()) as { error: { message: string } } };
};

describe('the Responses simulation', () => {
  it('answers the official SDK, streamed and whole', async () => {
    const whole = await client.responses.create({ model: 'sim-text', input });
    const streamed = await client.responses.stream({ model: 'sim-text', input }).finalResponse();
    expect(whole.output_text).toContain('Größe: 🌊');
    expect(streamed.output_text).toBe(whole.output_text);
    expect(streamed.usage).toMatchObject({
      output_tokens: vendors.ledger.last()?.usage?.output,
      output_tokens_details: { reasoning_tokens: 0 },
    });
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('numbers its events and opens what it closes', async () => {
    const events: ResponseStreamEvent[] = [];
    for await (const event of await client.responses.create({
      model: 'sim-reasoning',
      input,
      stream: true,
      reasoning: { summary: 'auto' },
    }))
      events.push(event);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const counts = (type: string) => events.filter((event) => event.type === type).length;
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
    expect(counts('response.output_item.added')).toBe(2);
    expect(counts('response.output_item.done')).toBe(2);
    expect(counts('response.reasoning_summary_part.done')).toBe(1);
    expect(counts('response.content_part.added')).toBe(counts('response.content_part.done'));
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  it('plays a tool loop whose encrypted thoughts come back', async () => {
    const request = {
      model: 'sim-reasoning-tools',
      tools,
      store: false,
      include: ['reasoning.encrypted_content' as const],
      reasoning: { summary: 'auto' as const },
    };
    const first = await client.responses.stream({ ...request, input }).finalResponse();
    expect(first.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
    const call = first.output.find((item) => item.type === 'function_call');
    expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"Paris"}' });
    const history: ResponseInputItem[] = [
      { role: 'user', content: input },
      ...first.output.map((item) => {
        const { parsed_arguments: _, ...plain } = item as typeof item & { parsed_arguments?: unknown };
        return plain as ResponseInputItem;
      }),
      { type: 'function_call_output', call_id: call?.call_id ?? '', output: 'rain' },
    ];
    const second = await client.responses.create({ ...request, input: history });
    expect(second.output_text).toBe('The tools said: rain.');
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('knows custom tools, refusals, bounds and schemas', async () => {
    const custom = await client.responses
      .stream({ model: 'sim-tools', input, tools: [{ type: 'custom', name: 'patch' }] })
      .finalResponse();
    expect(custom.output).toMatchObject([{ type: 'custom_tool_call', name: 'patch', input: 'water' }]);
    const refused = await client.responses.create({ model: 'sim-refusal', input });
    expect(refused.output).toMatchObject([{ content: [{ type: 'refusal' }] }]);
    const bounded = await client.responses.create({ model: 'sim-length', input });
    expect(bounded).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    const format = { type: 'json_schema' as const, name: 'place', schema: weatherParameters, strict: true };
    const structured = await client.responses.create({ model: 'sim-structured', input, text: { format } });
    expect(structured.output_text).toBe('{"city":"Paris"}');
    expect(vendors.ledger.violations).toEqual([]);
  });

  it('changes the ids of its items and has no output at the end, when it is odd', async () => {
    const events: ResponseStreamEvent[] = [];
    for await (const event of await client.responses.create({ model: 'sim-odd', input, tools, stream: true }))
      events.push(event);
    const ids = events.flatMap((event) => ('item_id' in event ? [event.item_id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { output: [] } });
  });

  it('reports an error twice within a stream that began well', async () => {
    const response = await fetch(`${vendors.urls.openai}/v1/responses`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify({ model: 'sim-error-first-event', input, stream: true }),
    });
    const types = [...(await response.text()).matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
    expect(response.status).toBe(200);
    expect(types).toEqual(['response.created', 'response.in_progress', 'error', 'response.failed']);
  });
});

describe('what the Responses simulation refuses', () => {
  const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
  const cases: [string, object, RegExp][] = [
    ['an unknown field', { stop: 'x' }, /^Unknown parameter: 'stop'\.$/],
    ['a bound below 16', { max_output_tokens: 1 }, /integer below minimum value\. Expected a value >= 16/],
    [
      'an id of another kind',
      {
        input: [
          { ...call, id: 'call_1' },
          { type: 'function_call_output', call_id: 'c1', output: 'x' },
        ],
      },
      /Expected an ID that begins with 'fc'/,
    ],
    ['a long call_id', { input: [{ ...call, call_id: 'c'.repeat(65) }] }, /maximum length 64/],
    ['a call without output', { input: [call] }, /No tool output found for function call c1/],
    [
      'an output without call',
      { input: [{ type: 'function_call_output', call_id: 'c1', output: 'x' }] },
      /No tool call found/,
    ],
    [
      'nested functions',
      { tools: [{ type: 'function', function: { name: 'f' } }] },
      /'tools\[0\]\.name'|'tools\[0\]\.function'/,
    ],
    [
      'input_text by the assistant',
      { input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'a' }] }] },
      /Supported values are: 'output_text'/,
    ],
    [
      'forged thoughts',
      { input: [{ type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }] },
      /could not be verified/,
    ],
    ['a response that was never stored', { previous_response_id: 'resp_1' }, /not found/],
    ['tools of chat', { messages: [] }, /Unknown parameter: 'messages'/],
  ];

  it.each(cases)('%s', async (_name, body, message) => {
    const answer = await post(body);
    expect({ status: answer.status, message: answer.body.error.message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(vendors.ledger.violations).not.toEqual([]);
  });
});
