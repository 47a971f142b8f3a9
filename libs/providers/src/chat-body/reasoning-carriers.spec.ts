import { describe, expect, it } from '@jest/globals';
import { type Json, sealSignature } from '@penstock/dialects';
import fc from 'fast-check';
import { dropCarriers, mayHoldCarriers } from './reasoning-carriers.ts';

const sealed = sealSignature({ dialect: 'gemini', modelGroup: 'g', value: 'S' });
const none = { reasoningField: 'none' } as const;
const takes = { reasoningField: 'reasoning' } as const;
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
const google = (signature: string) => ({ extra_content: { google: { thought_signature: signature } } });
const answer = (signature: string) => ({
  role: 'assistant',
  content: null,
  reasoning: 'hm',
  reasoning_content: 'hm',
  reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature }],
  tool_calls: [{ ...call, ...google(signature) }, call],
  refusal: null,
});
const sent = (message: object, profile: Parameters<typeof dropCarriers>[1]) => {
  const body = { model: 'm', messages: [{ role: 'user', content: 'x', reasoning_details: 1 }, message as Json] };
  return (dropCarriers(body, profile)['messages'] as readonly Json[])[1];
};

describe('what answers of other models leave in a conversation', () => {
  it('goes where the server knows no such fields', () => {
    for (const signature of [sealed, 'bare']) {
      const left = { role: 'assistant', content: null, tool_calls: [call, call], refusal: null };
      expect(sent(answer(signature), none)).toEqual(left);
    }
  });

  it('stays at a server that takes reasoning, but for what is sealed', () => {
    expect(sent(answer('bare'), takes)).toEqual(answer('bare'));
    const { reasoning_details: _, ...rest } = answer(sealed);
    expect(sent(answer(sealed), takes)).toEqual({ ...rest, tool_calls: [call, call] });
    expect(sent({ role: 'assistant', content: 'x', ...google(sealed) }, takes)).toEqual({
      role: 'assistant',
      content: 'x',
    });
  });

  it('never passes for the words of a user', () => {
    const user = { role: 'user', content: 'x', reasoning_content: 'y' };
    expect(sent(user, none)).toEqual(user);
  });

  it('is found before anything is parsed, however long the conversation is', () => {
    for (const padding of ['', 'x'.repeat(20_000)]) {
      const messages = (message: object) => Buffer.from(JSON.stringify([{ role: 'user', content: padding }, message]));
      expect(mayHoldCarriers(messages(answer(sealed)), none)).toBe(true);
      expect(mayHoldCarriers(messages(answer(sealed)), takes)).toBe(true);
      expect(mayHoldCarriers(messages(answer('bare')), takes)).toBe(false);
      expect(mayHoldCarriers(messages({ role: 'assistant', content: 'my reasoning, gw1: extra_content' }), none)).toBe(
        false,
      );
    }
  });

  it('is all that goes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(none, takes), (value, profile) => {
        const body = {
          model: 'm',
          messages: [{ role: 'assistant', content: value as Json, tool_calls: value as Json }],
        };
        expect(dropCarriers(body, profile)).toEqual(body);
      }),
    );
  });
});
