import { describe, expect, it } from '@jest/globals';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalResponse } from '../canonical/canonical-response.ts';
import type { JsonObject } from '../canonical/json.ts';
import { openSignature } from '../canonical/signature-envelope.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeResponse } from './encode-response.ts';

const origin = { dialect: 'anthropic', modelGroup: 'g' } as const;
const decode = (body: JsonObject): CanonicalResponse => decodeResponse(body, { origin, createId: () => 'Abc123xyz' });
const message = (fields: JsonObject): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content: [],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, cache_read_input_tokens: 100, cache_creation_input_tokens: 20, output_tokens: 5 },
  ...fields,
});

const encode = (response: Partial<CanonicalResponse>, parts: readonly CanonicalPart[] = [], extra: JsonObject = {}) =>
  encodeResponse(
    { id: 'x', model: 'real', choices: [{ parts, finish: { reason: 'stop' } }], usage: null, ...response },
    {
      requestId: 'req_1',
      model: 'alias',
      created: 0,
      request: decodeRequest({ model: 'alias', max_tokens: 1, messages: [{ role: 'user', content: 'x' }], ...extra }),
      estimatedInputTokens: 33,
      createId: () => 'Abc123xyz',
    },
  );

describe('decodeResponse of Anthropic', () => {
  it('reads all blocks', () => {
    const citation = { type: 'char_location', document_title: 'D', cited_text: 'b' };
    const response = decode(
      message({
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'S' },
          { type: 'redacted_thinking', data: 'R' },
          { type: 'text', text: 'ab', citations: null },
          { type: 'text', text: 'c', citations: [citation] },
          { type: 'text', text: '' },
          { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
          { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
        ],
        stop_reason: 'tool_use',
      }),
    );
    expect(response.choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'hm', signature: { ...origin, value: 'S' } },
      { type: 'reasoning', text: '', redacted: true, signature: { ...origin, value: 'R' } },
      { type: 'text', text: 'ab' },
      {
        type: 'text',
        text: 'c',
        citations: [{ title: 'D', startIndex: 2, endIndex: 3, native: { dialect: 'anthropic', value: citation } }],
      },
      { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"a":1}', kind: 'function' },
      expect.objectContaining({ type: 'opaque', dialect: 'anthropic', name: 'server_tool_use' }),
    ]);
    expect(response).toMatchObject({ id: 'msg_1', model: 'claude-x', choices: [{ finish: { reason: 'tool-calls' } }] });
  });

  it('reads a refusal (N07), a full context (N08) and calls under another reason (N10)', () => {
    const stop_details = { type: 'refusal', category: 'bio', explanation: 'No.' };
    expect(decode(message({ stop_reason: 'refusal', stop_details })).choices[0]?.finish).toEqual({
      reason: 'refusal',
      explanation: 'No.',
    });
    const full = decode(message({ stop_reason: 'model_context_window_exceeded' }));
    expect(full.choices[0]?.finish).toEqual({ reason: 'context-length' });
    const call = { type: 'tool_use', name: 'f', input: {} };
    expect(decode(message({ content: [call] })).choices[0]).toMatchObject({
      parts: [{ id: 'Abc123xyz' }],
      finish: { reason: 'tool-calls' },
    });
    expect(decode(message({ content: [call], stop_reason: 'max_tokens' })).choices[0]?.finish.reason).toBe('length');
  });

  it('counts each token once (N01) and every pass of several (N17)', () => {
    expect(decode(message({})).usage).toEqual({
      inputUncached: 10,
      cacheRead: 100,
      cacheWrite5m: 20,
      cacheWrite1h: 0,
      output: 5,
    });
    const iterations = [
      { type: 'message', input_tokens: 408, output_tokens: 3, cache_creation: null },
      { type: 'fallback_message', input_tokens: 412, output_tokens: 7, output_tokens_details: { thinking_tokens: 2 } },
    ];
    const usage = { input_tokens: 412, output_tokens: 7, iterations, service_tier: 'priority' };
    const response = decode(message({ content: [{ type: 'fallback' }, { type: 'text', text: 'a' }], usage }));
    expect(response.usage).toMatchObject({ inputUncached: 820, output: 10, reasoning: 2 });
    expect(response.serviceTier).toBe('priority');
  });

  it.each([
    [{ input_tokens: -1, output_tokens: 1 }],
    [{ input_tokens: 1.5, output_tokens: 1 }],
    [{ output_tokens: 1 }],
    [null],
  ])('does not believe the usage %j', (usage) => {
    expect(decode(message({ usage })).usage).toBeNull();
  });

  it.each([
    [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
    [{ id: 'msg_1', content: 'text' }, 'upstream'],
    [{ content: ['text'] }, 'upstream'],
    [{}, 'upstream'],
  ])('takes %j for a failure', (body, fault) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ fault: expect.objectContaining({ fault }) }));
  });
});

describe('encodeResponse for Anthropic', () => {
  it('writes every field that the SDK calls required', () => {
    const usage = { inputUncached: 10, cacheRead: 100, cacheWrite5m: 15, cacheWrite1h: 5, output: 5, reasoning: 2 };
    const parts: CanonicalPart[] = [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: '' },
      { type: 'text', text: 'a' },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '', kind: 'function' },
    ];
    expect(encode({ usage, serviceTier: 'default' }, parts)).toEqual({
      id: 'msg_Abc123xyzAbc123xyz',
      type: 'message',
      role: 'assistant',
      model: 'alias',
      container: null,
      diagnostics: null,
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'gw1:unsigned' },
        { type: 'text', text: 'a', citations: null },
        { type: 'tool_use', id: 'c', name: 'f', input: {}, caller: { type: 'direct' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_5m_input_tokens: 15, ephemeral_1h_input_tokens: 5 },
        output_tokens: 5,
        output_tokens_details: { thinking_tokens: 2 },
        server_tool_use: null,
        service_tier: 'standard',
        inference_geo: null,
        speed: null,
      },
    });
  });

  it('ends a turn whose announced calls never came (N11)', () => {
    const choices = [{ parts: [], finish: { reason: 'tool-calls' } as const }];
    expect(encode({ choices })).toMatchObject({ content: [], stop_reason: 'end_turn' });
  });

  it('writes text and details of a refusal', () => {
    const finish = { reason: 'refusal', explanation: 'No.' } as const;
    expect(encode({ choices: [{ parts: [{ type: 'refusal', text: 'I must not.' }], finish }] })).toMatchObject({
      content: [{ type: 'text', text: 'I must not.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'No.' },
    });
  });

  it('makes objects of arguments', () => {
    const call = (text: string): CanonicalPart => ({
      type: 'tool-call',
      id: 'c',
      name: 'f',
      arguments: text,
      kind: 'function',
    });
    expect(encode({}, [call('[1]'), call('{"a'), { ...call('x y'), kind: 'custom' } as CanonicalPart])).toMatchObject({
      content: [{ input: { value: [1] } }, { input: { _raw: '{"a' } }, { input: { input: 'x y' } }],
    });
  });

  it('seals signatures, and shows no thinking to a caller who does not want it', () => {
    const signature = { dialect: 'gemini', modelGroup: 'g', value: 'S' } as const;
    const parts: CanonicalPart[] = [
      { type: 'reasoning', text: 'hm', signature },
      { type: 'reasoning', text: 'unsigned' },
      { type: 'reasoning', text: '', redacted: true, signature },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', kind: 'function', signature },
    ];
    const { content } = encode({}, parts, { thinking: { type: 'adaptive', display: 'omitted' } });
    const blocks = content as unknown as Record<string, string>[];
    expect(blocks.map(({ type }) => type)).toEqual(['thinking', 'redacted_thinking', 'thinking', 'tool_use']);
    expect(blocks[0]?.['thinking']).toBe('');
    for (const sealed of [blocks[0]?.['signature'], blocks[1]?.['data'], blocks[2]?.['signature']]) {
      expect(openSignature(sealed ?? '')).toEqual(signature);
    }
  });

  it('says of the input what it estimates when the upstream says nothing', () => {
    expect(encode({})['usage']).toMatchObject({ input_tokens: 33, output_tokens: 0, cache_read_input_tokens: 0 });
  });
});
