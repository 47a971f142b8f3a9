import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { decodeContents } from './decode-contents.ts';

const user: JsonObject = { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] };
const model = (...parts: JsonObject[]): JsonObject => ({ role: 'model', parts });
const call = { functionCall: { name: 'f', args: {} } };

describe('the contents that a client kept of a stream', () => {
  it('are one turn with whole texts and thoughts', () => {
    const contents = [
      user,
      model({ text: 'I ', thought: true }),
      model({ text: 'think.', thought: true }),
      model({ text: 'Wa' }, { text: 'ter' }),
      model({ text: ' flows.' }),
      model(call),
    ];
    const [first, second, ...others] = decodeContents(contents);
    expect(first?.parts.map((part) => 'text' in part && part.text)).toEqual(['a', 'b']);
    expect(others).toEqual([]);
    expect(second).toMatchObject({
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'I think.', path: 'contents[1].parts[0]' },
        { type: 'text', text: 'Water flows.', path: 'contents[3].parts[0]' },
        { type: 'tool-call', name: 'f' },
      ],
    });
  });

  it('end a thought with its signature, also where that comes alone', () => {
    const contents = [
      model({ text: 'I ', thought: true }, { text: 'think.', thought: true }),
      model({ text: '', thoughtSignature: 'c2lnbmVk' }),
      model({ text: 'Again.', thought: true }),
    ];
    const [turn] = decodeContents(contents);
    expect(turn?.parts).toMatchObject([
      { type: 'reasoning', text: 'I think.', signature: { value: 'c2lnbmVk' } },
      { type: 'reasoning', text: 'Again.' },
    ]);
    expect(turn?.parts[1]).not.toHaveProperty('signature');
  });

  it('keep apart the turns between which the user spoke', () => {
    expect(decodeContents([model({ text: 'a' }), user, model({ text: 'b' })])).toHaveLength(3);
  });
});
