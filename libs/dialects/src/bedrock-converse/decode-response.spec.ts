import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { decodeResponse } from './decode-response.ts';

const origin = { dialect: 'bedrock-converse', modelGroup: 'c' } as const;
const decode = (body: JsonObject) => decodeResponse(body, { origin, createId: () => 'abcdefgh1' });
const answer = (content: readonly JsonObject[], stopReason = 'end_turn', extra: JsonObject = {}): JsonObject => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  ...extra,
});

describe("Bedrock's answer", () => {
  it('has thoughts, text and calls in order', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'hm', signature: 'S' } } },
      { reasoningContent: { redactedContent: 'R' } },
      { text: 'Hi' },
      { toolUse: { toolUseId: 't1', name: 'f', input: { a: 1 } } },
      { toolUse: { toolUseId: 't2', name: 'search', input: {}, type: 'server_tool_use' } },
    ];
    expect(decode(answer(content, 'tool_use'))).toEqual({
      id: 'abcdefgh1',
      model: '',
      choices: [
        {
          parts: [
            { type: 'reasoning', text: 'hm', signature: { ...origin, value: 'S' } },
            { type: 'reasoning', text: '', redacted: true, signature: { ...origin, value: 'R' } },
            { type: 'text', text: 'Hi' },
            { type: 'tool-call', id: 't1', name: 'f', arguments: '{"a":1}', kind: 'function' },
            { type: 'opaque', dialect: 'bedrock-converse', name: 'toolUse', value: content[4] },
          ],
          finish: { reason: 'tool-calls' },
        },
      ],
      usage: null,
    });
  });

  it('counts the input beside the cache', () => {
    const usage = {
      inputTokens: 10,
      outputTokens: 5,
      totalTokens: 135,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 20,
      cacheDetails: [
        { ttl: '1h', inputTokens: 15 },
        { ttl: '5m', inputTokens: 5 },
      ],
    };
    expect(decode(answer([{ text: 'a' }], 'end_turn', { usage, serviceTier: { type: 'flex' } }))).toMatchObject({
      usage: { inputUncached: 10, cacheRead: 100, cacheWrite5m: 5, cacheWrite1h: 15, output: 5 },
      serviceTier: 'flex',
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop-sequence'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context-length'],
    ['content_filtered', 'content-filter'],
    ['guardrail_intervened', 'content-filter'],
    ['tool_use', 'stop'],
    ['malformed_model_output', 'malformed'],
    ['something_new', 'malformed'],
  ])('of stop reason %s ends with %s when it has text alone', (stopReason, reason) => {
    expect(decode(answer([{ text: 'a' }], stopReason)).choices[0]?.finish).toEqual({ reason });
  });

  it('finishes with calls when it has some, unless it was cut off', () => {
    const call = { toolUse: { toolUseId: 't', name: 'f', input: {} } };
    expect(decode(answer([call], 'end_turn')).choices[0]?.finish.reason).toBe('tool-calls');
    expect(decode(answer([call], 'max_tokens')).choices[0]?.finish.reason).toBe('length');
  });

  it('names the sources of cited text', () => {
    const citations = [{ title: 'T', location: { web: { url: 'https://a.example' } } }, { location: {} }];
    expect(
      decode(answer([{ citationsContent: { content: [{ text: 'a' }, { text: 'b' }], citations } }])).choices[0]?.parts,
    ).toEqual([{ type: 'text', text: 'ab', citations: [{ url: 'https://a.example', title: 'T' }] }]);
  });

  it.each([
    [{}],
    [{ message: 'Broken.' }],
    [answer([], 'malformed_tool_use')],
    [{ output: { message: { content: [] } } }],
  ])('is a fault when it says nothing: %j', (body) => {
    expect(() => decode(body)).toThrow(UpstreamFaultError);
  });
});
