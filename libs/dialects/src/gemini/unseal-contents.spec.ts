import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodePart, sealed } from './encode-parts.ts';
import { unsealContents } from './unseal-contents.ts';

const reader = { dialect: 'gemini', modelGroup: 'g' } as const;
const own = sealed({ ...reader, value: 'OWN' });
const foreign = sealed({ dialect: 'anthropic', modelGroup: 'c', value: 'V' });
const unseal = (contents: unknown) =>
  (JSON.parse(unsealContents(Buffer.from(JSON.stringify({ contents })), reader).toString()) as { contents: unknown })
    .contents;

describe('contents that pass through to Gemini', () => {
  it('keep the signatures of the models that read them, and lose those of others', () => {
    const parts = [
      { text: 'a', ...own },
      { text: 'b', ...foreign },
      { text: 'hm', thought: true, ...foreign },
      { text: '', ...foreign },
      { functionCall: { name: 'f' }, ...foreign },
      { text: 'c', thoughtSignature: 'bare' },
      { text: 'd', thought_signature: own.thoughtSignature },
    ];
    expect(unseal([{ role: 'model', parts }])).toEqual([
      {
        role: 'model',
        parts: [
          { text: 'a', thoughtSignature: 'OWN' },
          { text: 'b' },
          { functionCall: { name: 'f' }, thoughtSignature: 'skip_thought_signature_validator' },
          { text: 'c', thoughtSignature: 'bare' },
          { text: 'd', thought_signature: 'OWN' },
        ],
      },
    ]);
  });

  it('stand in for the signature of a call that its model did not sign', () => {
    const call = { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', kind: 'function' } as const;
    const [part] = encodePart(call, false);
    expect(unseal([{ role: 'model', parts: [part] }])).toEqual([
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'c', name: 'f', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
        ],
      },
    ]);
  });

  it('lose a turn of nothing but such thoughts', () => {
    const rest = { role: 'user', parts: [{ text: 'x' }] };
    expect(unseal([rest, { role: 'model', parts: [{ text: '', ...foreign }] }])).toEqual([rest]);
  });

  it('are not touched when nothing is sealed', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const body = Buffer.from(text);
        expect(unsealContents(body, reader)).toBe(body);
      }),
    );
  });

  it('keep numbers as they were written', () => {
    const text = `{"contents":[{"parts":[{"text":"a","thoughtSignature":"${own.thoughtSignature}"}]}],"seed":12345678901234567890,"x":1.0}`;
    expect(unsealContents(Buffer.from(text), reader).toString()).toBe(
      '{"contents":[{"parts":[{"text":"a","thoughtSignature":"OWN"}]}],"seed":12345678901234567890,"x":1.0}',
    );
  });
});
