import { describe, expect, it } from '@jest/globals';
import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalResponse, Finish } from '../canonical/canonical-response.ts';
import type { JsonObject } from '../canonical/json.ts';
import { openSignature } from '../canonical/signature-envelope.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeResponse } from './encode-response.ts';
import type { ChatCompletion } from './schema.ts';
import { answerContext, decodeContext } from './testing/chat-fixture.ts';

const SIGNATURE = { dialect: 'anthropic', modelGroup: 'g', value: 's' } as const;
const responseOf = (parts: readonly CanonicalPart[], finish: Finish = { reason: 'stop' }): CanonicalResponse => ({
  id: 'msg_1',
  model: 'upstream',
  choices: [{ parts, finish }],
  usage: null,
});
const encode = (response: CanonicalResponse, body: JsonObject = {}) =>
  encodeResponse(response, answerContext(body)) as unknown as ChatCompletion;
const messageOf = (...given: Parameters<typeof responseOf>) => encode(responseOf(...given)).choices[0]?.message;
const call: CanonicalPart = { type: 'tool-call', id: 'c1', name: 'f', arguments: '', kind: 'function' };

describe('encodeResponse of Chat', () => {
  it('writes every required field', () => {
    const choice = { parts: [{ type: 'text', text: 'a' }], finish: { reason: 'stop' } } as const;
    const second = { ...choice, finish: { reason: 'context-length' } } as const;
    expect(encode({ ...responseOf([]), choices: [choice, second], serviceTier: 'flex' })).toEqual({
      id: 'chatcmpl-madeup001',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'alias',
      service_tier: 'flex',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'a', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
        {
          index: 1,
          message: { role: 'assistant', content: 'a', refusal: null },
          logprobs: null,
          finish_reason: 'length',
        },
      ],
    });
  });

  it('counts the whole input, cached or not (N01)', () => {
    const usage = { inputUncached: 10, cacheRead: 100, cacheWrite5m: 15, cacheWrite1h: 5, output: 5 };
    expect(encode({ ...responseOf([]), usage }).usage).toEqual({
      prompt_tokens: 130,
      completion_tokens: 5,
      total_tokens: 135,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
    });
  });

  it('writes content as null beside calls, and as nothing when there is nothing (N05)', () => {
    expect(messageOf([call])).toEqual({
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    });
    const empty = encode(responseOf([], { reason: 'content-filter' })).choices[0];
    expect([empty?.message.content, empty?.finish_reason]).toEqual(['', 'content_filter']);
  });

  it('writes the explanation of a refusal, which is a filtered answer (N07)', () => {
    const choice = encode(responseOf([], { reason: 'refusal', explanation: 'No.' })).choices[0];
    expect(choice).toMatchObject({ message: { content: null, refusal: 'No.' }, finish_reason: 'content_filter' });
    const inWords = encode(responseOf([{ type: 'refusal', text: 'No.' }], { reason: 'refusal' })).choices[0];
    expect(inWords).toMatchObject({ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' });
  });

  it('writes reasoning in both fields, with its signature in an envelope', () => {
    const message = messageOf([
      { type: 'reasoning', text: 'hm', signature: SIGNATURE },
      { type: 'reasoning', text: '', redacted: true, signature: SIGNATURE },
      { type: 'text', text: 'a' },
    ]);
    expect(message).toMatchObject({ content: 'a', reasoning_content: 'hm' });
    const [detail, redacted] = message?.reasoning_details ?? [];
    expect([detail, redacted]).toMatchObject([
      { type: 'reasoning.text', text: 'hm', index: 0 },
      { type: 'reasoning.encrypted', index: 1 },
    ]);
    expect(openSignature(detail?.type === 'reasoning.text' ? (detail.signature ?? '') : '')).toEqual(SIGNATURE);
  });

  it('hides what the caller does not want to read', () => {
    const hidden = encode(responseOf([{ type: 'reasoning', text: 'hm' }]), { include_reasoning: false });
    expect(hidden.choices[0]?.message).toEqual({ role: 'assistant', content: '', refusal: null });
  });

  it('counts the places of sources in the whole text', () => {
    const cite = (url: string): CanonicalPart => ({ type: 'text', text: 'abc', citations: [{ url, title: 'T' }] });
    const places = messageOf([cite('u1'), cite('u2')])?.annotations as readonly { url_citation: object }[];
    expect(places.map((place) => place.url_citation)).toEqual([
      { url: 'u1', title: 'T', start_index: 0, end_index: 3 },
      { url: 'u2', title: 'T', start_index: 3, end_index: 6 },
    ]);
  });

  it('answers a caller of functions in its own words', () => {
    const body = { functions: [{ name: 'f' }] };
    expect(encode(responseOf([call], { reason: 'tool-calls' }), body).choices[0]).toMatchObject({
      message: { content: null, function_call: { name: 'f', arguments: '{}' } },
      finish_reason: 'function_call',
    });
  });

  it('writes what it read', () => {
    const body: JsonObject = {
      id: 'chatcmpl-9',
      object: 'chat.completion',
      created: 5,
      model: 'alias',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'a',
            refusal: null,
            annotations: [
              { type: 'url_citation', url_citation: { url: 'u', title: 't', start_index: 0, end_index: 1 } },
            ],
            audio: { id: 'x' },
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
              { id: 'c2', type: 'custom', custom: { name: 'sql', input: 'x' } },
            ],
          },
          logprobs: { content: [], refusal: null },
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 30,
        completion_tokens: 7,
        total_tokens: 37,
        prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 5, audio_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 3, audio_tokens: 2 },
      },
    };
    expect(encodeResponse(decodeResponse(body, decodeContext()), answerContext())).toEqual(body);
  });
});
