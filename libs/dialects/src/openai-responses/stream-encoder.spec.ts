import { describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { CanonicalEvent } from '../canonical/canonical-event.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { SseParser } from '../sse/sse-parser.ts';
import { decodeRequest } from './decode-request.ts';
import { openCarrier } from './reasoning-carrier.ts';
import { ResponsesStreamDecoder } from './stream-decoder.ts';
import { ResponsesStreamEncoder } from './stream-encoder.ts';

const tool = { type: 'function', name: 'f', parameters: {}, strict: null };
const request: JsonObject = { model: 'alias', input: 'hi', include: ['reasoning.encrypted_content'], tools: [tool] };
let ids = 0;
const contextOf = (body: JsonObject = request): EncodeAnswerContext => ({
  requestId: '0198c0de-0000-7000-8000-000000000001',
  model: 'alias',
  created: 1_763_474_589,
  request: decodeRequest(body),
  estimatedInputTokens: 3,
  createId: () => `id${String((ids += 1)).padStart(7, '0')}`,
});

const signature = { dialect: 'anthropic', modelGroup: 'opus', value: 'c2ln' } as const;
const usage = { inputUncached: 10, cacheRead: 100, cacheWrite5m: 20, cacheWrite1h: 0, output: 5 };
const START: CanonicalEvent = { type: 'start', id: 'msg_x', model: 'claude' };
const text = (value: string, key = 't'): CanonicalEvent => ({ type: 'text', key, text: value });
const call = (key: string, name = 'f'): CanonicalEvent => ({
  type: 'tool-call-start',
  key,
  id: `call_${key}`,
  name,
  kind: 'function',
});
const piece = (key: string, value: string): CanonicalEvent => ({ type: 'tool-call-arguments', key, text: value });
const end = (
  reason: 'stop' | 'length' | 'tool-calls' | 'refusal' | 'content-filter' | 'malformed',
): CanonicalEvent[] => [{ type: 'finish', finish: { reason } }, { type: 'usage', usage }, { type: 'end' }];

function encode(events: readonly CanonicalEvent[], body?: JsonObject): string {
  const encoder = new ResponsesStreamEncoder(contextOf(body));
  return events.map((event) => encoder.push(event)).join('');
}

const read = (stream: string) => {
  const parser = new SseParser();
  return [...parser.push(Buffer.from(stream)), ...parser.end()];
};
const eventsOf = (stream: string) => read(stream).map(({ data }) => JSON.parse(data) as Record<string, unknown>);
const typesOf = (stream: string) => eventsOf(stream).map(({ type }) => String(type).replace('response.', ''));
const lastOf = (stream: string) => eventsOf(stream).at(-1)?.['response'] as Record<string, unknown>;

/** What the official SDK makes of it, which throws on events that are missing, out of order or of another item. */
async function viaSdk(stream: string) {
  const fetch = (): Promise<Response> =>
    Promise.resolve(new Response(stream, { headers: { 'content-type': 'text/event-stream' } }));
  const client = new OpenAI({ apiKey: 'x', baseURL: 'http://127.0.0.1/v1', fetch, maxRetries: 0 });
  const runner = client.responses.stream({ model: 'alias', input: 'hi' });
  const events: ResponseStreamEvent[] = [];
  runner.on('event', (event) => events.push(event));
  return { response: await runner.finalResponse(), events };
}

const ordinary: readonly CanonicalEvent[] = [
  START,
  { type: 'reasoning', key: 'r', text: 'Let me ' },
  { type: 'reasoning', key: 'r', text: 'think.' },
  { type: 'reasoning-signature', key: 'r', signature },
  { type: 'part-end', key: 'r' },
  text('Hel'),
  text('lo'),
  { type: 'citation', key: 't', citation: { url: 'https://example.org', title: 'E', startIndex: 0, endIndex: 3 } },
  call('a'),
  call('b'),
  piece('a', '{"x":'),
  piece('b', '{"y":'),
  piece('a', '1}'),
  { type: 'tool-call-end', key: 'a' },
  piece('b', '2}'),
  { type: 'tool-call-end', key: 'b' },
  ...end('tool-calls'),
];

describe('ResponsesStreamEncoder', () => {
  it('writes every event of the official set, named and numbered from 0 (S35)', () => {
    const stream = encode(ordinary);
    expect(typesOf(stream)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.annotation.added',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'output_item.added',
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'completed',
    ]);
    expect(eventsOf(stream).map((event) => event['sequence_number'])).toEqual(
      eventsOf(stream).map((_, index) => index),
    );
    for (const { event, data } of read(stream)) expect(JSON.parse(data)).toMatchObject({ type: event });
  });

  it('ends with the whole response', () => {
    expect(lastOf(encode(ordinary))).toMatchObject({
      id: 'resp_0198c0de000070008000000000000001',
      object: 'response',
      created_at: 1_763_474_589,
      status: 'completed',
      model: 'alias',
      error: null,
      incomplete_details: null,
      store: false,
      tools: [tool],
      output: [
        {
          type: 'reasoning',
          id: expect.stringMatching(/^rs_/),
          summary: [{ type: 'summary_text', text: 'Let me think.' }],
        },
        {
          type: 'message',
          id: expect.stringMatching(/^msg_/),
          status: 'completed',
          role: 'assistant',
          content: [
            {
              type: 'output_text',
              text: 'Hello',
              annotations: [
                { type: 'url_citation', url: 'https://example.org', title: 'E', start_index: 0, end_index: 3 },
              ],
            },
          ],
        },
        { type: 'function_call', id: expect.stringMatching(/^fc_/), call_id: 'call_a', arguments: '{"x":1}' },
        { type: 'function_call', call_id: 'call_b', name: 'f', arguments: '{"y":2}', status: 'completed' },
      ],
      usage: {
        input_tokens: 130,
        input_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 135,
      },
    });
  });

  it('is read by the official SDK', async () => {
    const { response, events } = await viaSdk(encode(ordinary));
    expect(response.output_text).toBe('Hello');
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call', 'function_call']);
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  it('is read by our own decoder as what it was', () => {
    const decoder = new ResponsesStreamDecoder({
      origin: { dialect: 'openai-responses', modelGroup: 'g' },
      createId: () => 'made12345',
    });
    const decoded = read(encode(ordinary)).flatMap((event) => decoder.push(event));
    const say = (events: readonly CanonicalEvent[], type: CanonicalEvent['type']): string =>
      events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
    for (const type of ['text', 'reasoning'] as const) expect(say(decoded, type)).toBe(say(ordinary, type));
    expect(decoded.at(-3)).toEqual({ type: 'usage', usage: { ...usage, reasoning: 0 } });
    expect(decoded.at(-1)).toEqual({ type: 'end' });
  });

  it('carries signatures for those who asked for encrypted reasoning, and for no one else', () => {
    const items = lastOf(encode(ordinary))['output'] as Record<string, unknown>[];
    expect(openCarrier(String(items[0]?.['encrypted_content']))).toEqual({ target: 'reasoning', signature });
    const { include: _, ...without } = request;
    const plain = lastOf(encode(ordinary, without))['output'] as Record<string, unknown>[];
    expect(plain[0]).not.toHaveProperty('encrypted_content');
  });

  it('carries signatures of calls before and of texts behind what they sign, and reasoning that is not shown', async () => {
    const gemini = { dialect: 'gemini', modelGroup: 'g3', value: 's' } as const;
    const events: readonly CanonicalEvent[] = [
      START,
      { type: 'reasoning-signature', key: 'x', signature, redacted: true },
      text('a'),
      { type: 'text-signature', key: 't', signature: gemini },
      text('b'),
      { ...call('c'), signature: gemini } as CanonicalEvent,
      { type: 'tool-call-end', key: 'c' },
      ...end('tool-calls'),
    ];
    const { response } = await viaSdk(encode(events));
    const carried = response.output.map((item) =>
      item.type === 'reasoning' ? openCarrier(item.encrypted_content ?? '')?.target : item.type,
    );
    expect(carried).toEqual(['redacted', 'message', 'previous-text', 'next-call', 'function_call']);
    const { include: _, ...without } = request;
    expect((lastOf(encode(events, without))['output'] as JsonObject[]).map(({ type }) => type)).toEqual([
      'message',
      'function_call',
    ]);
  });

  it('does not let a signature that comes late sign nothing', () => {
    const late: CanonicalEvent = { type: 'reasoning-signature', key: 'r', signature };
    const stream = encode([START, { type: 'reasoning', key: 'r', text: 'x' }, text('a'), late, ...end('stop')]);
    expect((lastOf(stream)['output'] as JsonObject[]).map(({ type }) => type)).toEqual(['reasoning', 'message']);
  });

  it('gives a call without arguments an empty object', async () => {
    const { response } = await viaSdk(
      encode([START, call('a'), { type: 'tool-call-end', key: 'a' }, ...end('tool-calls')]),
    );
    expect(response.output).toMatchObject([{ type: 'function_call', arguments: '{}' }]);
  });

  it('writes custom tools', async () => {
    const custom = { ...call('c', 'apply_patch'), kind: 'custom' } as CanonicalEvent;
    const stream = encode([
      START,
      custom,
      piece('c', '*** Be'),
      piece('c', 'gin'),
      { type: 'tool-call-end', key: 'c' },
      ...end('tool-calls'),
    ]);
    expect(typesOf(stream).slice(2, -1)).toEqual([
      'output_item.added',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.done',
      'output_item.done',
    ]);
    const { response } = await viaSdk(stream);
    expect(response.output).toMatchObject([{ type: 'custom_tool_call', call_id: 'call_c', input: '*** Begin' }]);
  });

  it("puts the caller's group of tools back on a call", () => {
    const grouped = { ...request, tools: [{ type: 'namespace', name: 'clock', description: '', tools: [tool] }] };
    const events = [START, call('a'), { type: 'tool-call-end', key: 'a' }, ...end('tool-calls')] as const;
    expect(lastOf(encode(events, grouped))['output']).toMatchObject([{ name: 'f', namespace: 'clock' }]);
    const own = { ...call('a'), namespace: 'other' } as CanonicalEvent;
    expect(lastOf(encode([START, own, ...end('tool-calls')], grouped))['output']).toMatchObject([
      { namespace: 'other' },
    ]);
  });

  it('writes texts of several keys as parts of one message, each with its own offsets', async () => {
    const citation = { url: 'u', startIndex: 5, endIndex: 7 };
    const stream = encode([
      START,
      text('Hello', '1'),
      text('World', '2'),
      { type: 'citation', key: '2', citation },
      ...end('stop'),
    ]);
    const { response } = await viaSdk(stream);
    expect(response.output).toMatchObject([
      { content: [{ text: 'Hello' }, { text: 'World', annotations: [{ start_index: 0, end_index: 2, title: 'u' }] }] },
    ]);
  });

  it('writes refusals, and gives words to one that has none', async () => {
    const spoken = await viaSdk(encode([START, { type: 'refusal', key: 'x', text: 'No.' }, ...end('refusal')]));
    expect(spoken.response.output).toMatchObject([{ content: [{ type: 'refusal', refusal: 'No.' }] }]);
    const finish: CanonicalEvent = { type: 'finish', finish: { reason: 'refusal', explanation: 'Policy.' } };
    const silent = await viaSdk(encode([START, finish, { type: 'end' }]));
    expect(silent.response).toMatchObject({ status: 'completed', output: [{ content: [{ refusal: 'Policy.' }] }] });
  });

  it('writes token probabilities with each piece and with the whole', () => {
    const token = { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] };
    const event: CanonicalEvent = { type: 'text', key: 't', text: 'a', logprobs: { content: [token], refusal: null } };
    const events = eventsOf(encode([START, event, event, ...end('stop')]));
    expect(events.filter(({ type }) => type === 'response.output_text.delta')[0]).toMatchObject({ logprobs: [token] });
    expect(events.at(-1)).toMatchObject({ response: { output: [{ content: [{ logprobs: [token, token] }] }] } });
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content-filter', 'content_filter'],
  ] as const)('ends with %s as incomplete', (reason, expected) => {
    const stream = encode([START, text('x'), ...end(reason)]);
    expect(typesOf(stream).at(-1)).toBe('incomplete');
    expect(lastOf(stream)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: expected },
      output: [{ status: 'incomplete', content: [{ text: 'x' }] }],
    });
  });

  it('fails when a model produced nothing but what cannot be used', () => {
    expect(typesOf(encode([START, ...end('malformed')])).at(-1)).toBe('failed');
    expect(typesOf(encode([START, text('x'), ...end('malformed')])).at(-1)).toBe('completed');
  });

  it('ends an answer that breaks with `response.failed` and nothing after it (S23)', () => {
    const error = { fault: 'upstream', message: 'engine died', type: null, code: null, param: null } as const;
    const stream = encode([START, text('x'), { type: 'error', error }, text('y'), ...end('stop')]);
    expect(typesOf(stream).at(-1)).toBe('failed');
    expect(lastOf(stream)).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: 'The upstream failed.' },
    });
    const own = encode([START, { type: 'error', error: { ...error, fault: 'context-length' } }]);
    expect(lastOf(own)).toMatchObject({ error: { code: 'context_length_exceeded', message: 'engine died' } });
  });

  it('answers a ping with a comment and skips other choices and empty texts', () => {
    const encoder = new ResponsesStreamEncoder(contextOf());
    expect(encoder.push({ type: 'ping' })).toBe(': ping\n\n');
    expect(encoder.push({ ...text('x'), choice: 1 } as CanonicalEvent)).toBe('');
    expect(typesOf(encoder.push(text('')))).toEqual(['created', 'in_progress']);
  });
});
