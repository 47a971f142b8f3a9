import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { reasoningCheck } from './reasoning-check.ts';
import { requestOf } from './testing/chat-fixture.ts';

const turnsOf = (...messages: readonly JsonObject[]) => requestOf({ messages }).turns;
const assistantParts = (message: JsonObject) =>
  turnsOf({ role: 'user', content: 'hi' }, { role: 'assistant', ...message })[1]?.parts;
const signature = { dialect: 'anthropic', modelGroup: 'g', value: 'v' } as const;
const bare = (dialect: string, value: string) => ({ dialect, modelGroup: '*', value });

describe('what callers carry of reasoning and signatures', () => {
  it.each<[string, JsonObject, object[]]>([
    ['reasoning', { reasoning: 'hm' }, [{ text: 'hm' }]],
    ['reasoning_content (R35)', { reasoning_content: 'hm' }, [{ text: 'hm' }]],
    [
      'reasoning_content with its signature',
      { reasoning_content: 'hm', reasoning_signature: 's' },
      [{ text: 'hm', signature: bare('openai-chat', 's') }],
    ],
    [
      'details beside the plain field',
      {
        reasoning_content: 'hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: sealSignature(signature) }],
      },
      [{ text: 'hm', signature }],
    ],
    [
      'details as a stream leaves them',
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'h', index: 0 },
          { type: 'reasoning.text', text: 'm', index: 0 },
          { type: 'reasoning.text', text: '', signature: 's', index: 0 },
          { type: 'reasoning.text', text: 'n', index: 1 },
        ],
      },
      [{ text: 'hm', signature: bare('openai-chat', 's') }, { text: 'n' }],
    ],
    [
      'a signature whose text stands in the plain field',
      { reasoning_content: 'hm', reasoning_details: [{ type: 'reasoning.text', signature: 's', index: 0 }] },
      [{ text: 'hm', signature: bare('openai-chat', 's') }],
    ],
    [
      'encrypted details',
      { reasoning_details: [{ type: 'reasoning.encrypted', data: sealSignature(signature) }] },
      [{ text: '', signature, redacted: true }],
    ],
    [
      'a damaged envelope',
      {
        reasoning_content: 'hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 'gw1:anthropic:!' }],
      },
      [{ text: 'hm' }],
    ],
    [
      'thinking_blocks',
      {
        thinking_blocks: [
          { type: 'thinking', thinking: 'hm', signature: 's' },
          { type: 'redacted_thinking', data: 'd' },
        ],
      },
      [
        { text: 'hm', signature: bare('anthropic', 's') },
        { text: '', signature: bare('anthropic', 'd'), redacted: true },
      ],
    ],
  ])('reads reasoning from %s', (_name, fields, expected) => {
    const parts = assistantParts({ content: 'x', ...fields });
    const reasoning = expected.map((part) => ({ type: 'reasoning', path: 'messages[1]', ...part }));
    expect(parts).toEqual([...reasoning, { type: 'text', text: 'x', path: 'messages[1].content' }]);
  });

  it.each<[string, JsonObject]>([
    ['extra_content (R38)', { id: 'c', extra_content: { google: { thought_signature: 'S' } } }],
    ['the function', { id: 'c', function: { name: 'f', arguments: '{}', thought_signature: 'S' } }],
    ['the id', { id: 'c__thought__S' }],
  ])("reads Gemini's signature of a call from %s", (_name, fields) => {
    const call = { type: 'function', function: { name: 'f', arguments: '{}' }, ...fields };
    expect(assistantParts({ tool_calls: [call] })).toMatchObject([{ id: 'c', signature: bare('gemini', 'S') }]);
  });

  it('opens our envelope on a call, and finds the result of a call whose id carried a signature', () => {
    const sealed = sealSignature({ ...signature, dialect: 'gemini' });
    const call = { id: `c__thought__${sealed}`, type: 'function', function: { name: 'f', arguments: '{}' } };
    const turns = turnsOf(
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: call.id, content: 'r' },
    );
    expect(turns[0]?.parts).toMatchObject([{ id: 'c', signature: { ...signature, dialect: 'gemini' } }]);
    expect(turns[1]?.parts).toMatchObject([{ callId: 'c' }]);
  });

  it.each<[string, JsonObject, object]>([
    [
      'whole',
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'h' },
          { type: 'reasoning.text', text: 'm' },
        ],
      },
      { text: 'hm', signature },
    ],
    ['in the plain field', { reasoning_content: 'hm' }, { text: 'hm', signature }],
    ['cut to its last piece', { reasoning_content: 'm' }, { text: 'm' }],
    ['not at all', {}, {}],
  ])('is signed only if the text that a stream of ours signed comes back whole: %s', (_name, fields, expected) => {
    const signed = { type: 'reasoning.text', text: '', id: reasoningCheck('hm'), signature: sealSignature(signature) };
    const before = (fields.reasoning_details ?? []) as readonly JsonObject[];
    const details = [...before, signed].map((detail) => ({ ...detail, index: 0 }));
    const parts = assistantParts({ content: 'x', ...fields, reasoning_details: details });
    const reasoning = 'text' in expected ? [{ type: 'reasoning', path: 'messages[1]', ...expected }] : [];
    expect(parts?.slice(0, -1)).toEqual(reasoning);
  });
});
