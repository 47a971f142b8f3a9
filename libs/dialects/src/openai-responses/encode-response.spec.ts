import { describe, expect, it } from '@jest/globals';
import type { Response } from 'openai/resources/responses/responses';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalResponse, FinishReason } from '../canonical/canonical-response.ts';
import type { JsonObject } from '../canonical/json.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeResponse } from './encode-response.ts';
import { openCarrier } from './reasoning-carrier.ts';

const usage = { inputUncached: 10, cacheRead: 100, cacheWrite5m: 20, cacheWrite1h: 0, output: 5, reasoning: 2 };
const signature = { dialect: 'anthropic', modelGroup: 'opus', value: 'c2ln' } as const;
const encrypted = { include: ['reasoning.encrypted_content'] };

function encode(parts: readonly CanonicalPart[], reason: FinishReason = 'stop', body: JsonObject = {}) {
  const response: CanonicalResponse = {
    id: 'msg_1',
    model: 'claude',
    choices: [{ parts, finish: { reason } }],
    usage,
  };
  let ids = 0;
  return encodeResponse(response, {
    requestId: 'req-1',
    model: 'alias',
    created: 7,
    request: decodeRequest({ model: 'alias', input: 'hi', ...body }),
    estimatedInputTokens: 1,
    createId: () => `id${String((ids += 1)).padStart(7, '0')}`,
  });
}

const text = (value: string): CanonicalPart => ({ type: 'text', text: value });
const call: CanonicalPart = { type: 'tool-call', id: 'c', name: 'f', arguments: '', kind: 'function' };
const typesOf = (response: JsonObject) => (response['output'] as JsonObject[]).map(({ type }) => type);

/** Every field that the official type requires, but the one that the SDK adds itself. */
const REQUIRED: Readonly<Record<Exclude<RequiredKeys<Response>, 'output_text' | '_request_id'>, true>> = {
  id: true,
  access_programs: true,
  created_at: true,
  error: true,
  incomplete_details: true,
  instructions: true,
  metadata: true,
  model: true,
  object: true,
  output: true,
  parallel_tool_calls: true,
  temperature: true,
  tool_choice: true,
  tools: true,
  top_p: true,
};
type RequiredKeys<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? never : Key }[keyof T];

describe('encodeResponse of the Responses API', () => {
  it('has all fields that the official type requires', () => {
    const response = encode([text('hi')]);
    expect(Object.keys(response)).toEqual(expect.arrayContaining(Object.keys(REQUIRED)));
    expect(Object.entries(response).filter(([, value]) => value === undefined)).toEqual([]);
  });

  it('repeats what the request said', () => {
    const said = {
      instructions: 'Be brief.',
      temperature: 0.5,
      metadata: { a: 'b' },
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      reasoning: { effort: 'low' },
      text: { verbosity: 'low' },
      max_output_tokens: 50,
      store: true,
      truncation: 'auto',
      user: 'u',
    };
    expect(encode([text('hi')], 'stop', said)).toMatchObject({
      ...said,
      tools: [{ type: 'function', name: 'f', parameters: null, strict: null }],
      reasoning: { effort: 'low', summary: null },
      text: { format: { type: 'text' }, verbosity: 'low' },
      store: false,
      previous_response_id: null,
    });
  });

  it('writes messages, reasoning and calls in order', () => {
    const response = encode([{ type: 'reasoning', text: 'why', signature }, text('a'), text('b'), call, text('c')]);
    expect(response).toMatchObject({ id: 'resp_req1', created_at: 7, model: 'alias', status: 'completed' });
    expect(response['output']).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'why' }] },
      {
        type: 'message',
        id: expect.stringMatching(/^msg_id\d{7}id\d{7}$/),
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'a', annotations: [], logprobs: [] },
          { type: 'output_text', text: 'b' },
        ],
      },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}', status: 'completed' },
      { type: 'message', content: [{ text: 'c' }] },
    ]);
  });

  it('always gives both details of the usage (N16)', () => {
    expect(encode([])['usage']).toEqual({
      input_tokens: 130,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 135,
    });
  });

  it('carries signatures for those who asked', () => {
    const parts: readonly CanonicalPart[] = [
      { type: 'reasoning', text: '', redacted: true, signature },
      { type: 'text', text: 'a', signature },
      { ...call, signature } as CanonicalPart,
    ];
    expect(typesOf(encode(parts))).toEqual(['message', 'function_call']);
    const output = encode(parts, 'stop', encrypted)['output'] as JsonObject[];
    const targets = output.map((item) => openCarrier((item['encrypted_content'] ?? '') as string)?.target);
    expect([targets[0], targets[2], targets[3]]).toEqual(['redacted', 'previous-text', 'next-call']);
  });

  it.each([
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['context-length', 'incomplete', { reason: 'max_output_tokens' }],
    ['content-filter', 'incomplete', { reason: 'content_filter' }],
    ['stop', 'completed', null],
    ['stop-sequence', 'completed', null],
    ['pause', 'completed', null],
    ['malformed', 'completed', null],
  ] as const)('gives %s the status %s', (reason, status, details) => {
    expect(encode([text('a')], reason)).toMatchObject({
      status,
      incomplete_details: details,
      output: [{ status }],
    });
  });

  it('fails when a model produced nothing but what cannot be used', () => {
    expect(encode([], 'malformed')).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  });

  it('gives words to a refusal that has none', () => {
    const { output } = encode([], 'refusal');
    expect(output).toMatchObject([{ content: [{ type: 'refusal', refusal: 'The model refused to answer.' }] }]);
  });

  it('is read back as what it was', () => {
    const parts = [
      text('a'),
      { type: 'refusal', text: 'no' },
      { ...call, arguments: '{"a":1}' },
    ] as readonly CanonicalPart[];
    const origin = { dialect: 'openai-responses', modelGroup: 'g' } as const;
    const decoded = decodeResponse(encode(parts), { origin, createId: () => 'x' });
    expect(decoded).toMatchObject({ usage, choices: [{ parts }] });
  });
});
