import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeContext, ORIGIN } from './testing/chat-fixture.ts';

const bodyOf = (message: JsonObject, finish_reason: string | null = 'stop', rest: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 5,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason, ...rest }],
});
const decode = (body: JsonObject) => decodeResponse(body, decodeContext());
const choiceOf = (...given: Parameters<typeof bodyOf>) => decode(bodyOf(...given)).choices[0];
const toolCall = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };

describe('decodeResponse of Chat', () => {
  it('reads an answer', () => {
    expect(
      decode({ ...bodyOf({ content: 'a', refusal: null }), service_tier: 'flex', system_fingerprint: 'x' }),
    ).toEqual({
      id: 'chatcmpl-1',
      model: 'm',
      created: 5,
      choices: [{ parts: [{ type: 'text', text: 'a' }], finish: { reason: 'stop' } }],
      usage: null,
      serviceTier: 'flex',
    });
  });

  it('makes up what an upstream leaves out', () => {
    const { function: inner } = toolCall;
    const response = decode({ choices: [{ message: { tool_calls: [{ function: inner }] } }] });
    expect(response).toMatchObject({ choices: [{ parts: [{ id: 'madeup001' }] }], id: 'madeup002', model: '' });
    expect('created' in response).toBe(false);
  });

  it.each<[string, JsonObject, object[]]>([
    [
      'null content beside calls',
      { content: null, tool_calls: [toolCall] },
      [{ type: 'tool-call', id: 'c1', name: 'f', arguments: '{}', kind: 'function' }],
    ],
    [
      'arguments as a value',
      { tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }] },
      [{ type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}', kind: 'function' }],
    ],
    [
      'a custom call',
      { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'sql', input: 'x' } }] },
      [{ type: 'tool-call', id: 'c', name: 'sql', arguments: 'x', kind: 'custom' }],
    ],
    [
      'the old function_call',
      { function_call: { name: 'f', arguments: '{}' } },
      [{ type: 'tool-call', id: 'madeup001', name: 'f', arguments: '{}', kind: 'function' }],
    ],
    [
      'reasoning of vLLM',
      { reasoning: 'hm', content: 'a' },
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'reasoning of DeepSeek',
      { reasoning_content: 'hm', content: 'a' },
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      "Mistral's chunks (N13)",
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'a' },
        ],
      },
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'signed reasoning',
      { reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's' }] },
      [{ type: 'reasoning', text: 'hm', signature: { ...ORIGIN, value: 's' } }],
    ],
    [
      'signed text',
      { content: 'a', extra_content: { google: { thought_signature: 's' } } },
      [{ type: 'text', text: 'a', signature: { ...ORIGIN, value: 's' } }],
    ],
    [
      'sound',
      { content: null, audio: { id: 'a', data: 'AAAA', transcript: 't', expires_at: 1 } },
      [
        {
          type: 'opaque',
          dialect: 'openai-chat',
          name: 'audio',
          value: { id: 'a', data: 'AAAA', transcript: 't', expires_at: 1 },
        },
      ],
    ],
    ['nothing', { content: '' }, []],
  ])('reads %s', (_name, message, parts) => {
    expect(choiceOf(message)?.parts).toEqual(parts);
  });

  it('reads where text comes from', () => {
    const annotation = { type: 'url_citation', url_citation: { url: 'u', title: 't', start_index: 0, end_index: 1 } };
    expect(choiceOf({ content: 'a', annotations: [annotation] })?.parts).toMatchObject([
      { citations: [{ url: 'u', title: 't', startIndex: 0, endIndex: 1, native: { value: annotation } }] },
    ]);
  });

  it.each<[JsonObject, string | null, JsonObject, object]>([
    [{ content: 'a' }, 'stop', { stop_reason: 'END' }, { reason: 'stop-sequence', stopSequence: 'END' }],
    [{ content: 'a' }, 'stop', { stop_reason: null }, { reason: 'stop' }],
    [{ content: 'a' }, 'stop', { stop_reason: 7 }, { reason: 'stop' }],
    [{ tool_calls: [toolCall] }, 'stop', {}, { reason: 'tool-calls' }],
    [{ content: 'a' }, 'tool_calls', {}, { reason: 'stop' }],
    [{ tool_calls: [toolCall] }, 'length', {}, { reason: 'length' }],
    [{ refusal: 'No.' }, 'stop', {}, { reason: 'refusal' }],
    [{ refusal: 'No.' }, 'content_filter', {}, { reason: 'content-filter' }],
    [{ content: 'a' }, 'STOP', {}, { reason: 'stop' }],
    [{ content: 'a' }, 'brand_new', {}, { reason: 'malformed' }],
    [{ content: 'a' }, null, {}, { reason: 'stop' }],
  ])('reads why %j with %j %j ended (N10, N11)', (message, reason, rest, finish) => {
    expect(choiceOf(message, reason, rest)?.finish).toEqual(finish);
  });

  it.each<[JsonObject, object]>([
    [
      { error: { message: 'm', type: 't', code: 'c', param: 'p' } },
      { fault: 'upstream', message: 'm', type: 't', code: 'c', param: 'p' },
    ],
    [
      { object: 'error', message: 'bad', type: 'BadRequestError', code: 400 },
      { fault: 'bad-request', message: 'bad' },
    ],
    [{ choices: [] }, { fault: 'upstream' }],
    [{}, { fault: 'upstream' }],
    [bodyOf({ content: '' }, 'abort'), { fault: 'upstream' }],
  ])('throws for %j, which is no answer', (body, fault) => {
    let thrown: unknown;
    try {
      decode(body);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UpstreamFaultError);
    expect(thrown).toMatchObject({ fault });
  });
});
