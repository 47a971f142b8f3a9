import { describe, expect, it } from '@jest/globals';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { unsealMessages } from './unseal-messages.ts';

const reader = { dialect: 'anthropic', modelGroup: 'g' } as const;
const own = sealSignature({ ...reader, value: 'S==' });
const foreign = sealSignature({ dialect: 'gemini', modelGroup: 'x', value: 'T' });
const unseal = (document: object): unknown =>
  JSON.parse(unsealMessages(Buffer.from(JSON.stringify(document)), reader).toString());
const thinking = (signature: string) => ({ type: 'thinking', thinking: 't', signature });
const call = { type: 'tool_use', id: 'c', name: 'f', input: {} };
const assistant = (...content: object[]) => ({ role: 'assistant', content });

describe('unsealMessages', () => {
  it('opens what these models signed and drops what others did (R37)', () => {
    const content = [
      thinking(own),
      thinking(foreign),
      thinking('gw1:unsigned'),
      thinking('bare'),
      { type: 'redacted_thinking', data: own },
      { type: 'redacted_thinking', data: foreign },
      { type: 'text', text: 'gw1:gemini' },
    ];
    expect(unseal({ messages: [{ role: 'user', content: 'x' }, assistant(...content)] })).toEqual({
      messages: [
        { role: 'user', content: 'x' },
        assistant(thinking('S=='), thinking('bare'), { type: 'redacted_thinking', data: 'S==' }, content[6]!),
      ],
    });
  });

  it('leaves out a message of which nothing is left', () => {
    expect(unseal({ messages: [assistant(thinking(foreign)), { role: 'user', content: [] }] })).toEqual({
      messages: [],
    });
  });

  it('keeps unknown fields and the text of numbers', () => {
    const text = `{"temperature":1.0,"future":{"n":12345678901234567890},"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"${own}"}]}]}`;
    expect(unsealMessages(Buffer.from(text), reader).toString()).toBe(text.replace(own, 'S=='));
  });

  it('switches thinking by budget off for a turn whose calls are answered and whose thinking was another model’s', () => {
    const budget = { type: 'enabled', budget_tokens: 1024 };
    const messages = (signature: string) => [assistant(thinking(signature), call), { role: 'user', content: 'x' }];
    expect(unseal({ thinking: budget, messages: messages(foreign) })).toMatchObject({ thinking: { type: 'disabled' } });
    expect(unseal({ thinking: budget, messages: messages(own) })).toMatchObject({ thinking: budget });
    expect(unseal({ thinking: { type: 'adaptive' }, messages: messages(foreign) })).toMatchObject({
      thinking: { type: 'adaptive' },
    });
  });
});
