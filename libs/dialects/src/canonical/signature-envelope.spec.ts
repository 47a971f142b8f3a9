import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSignedFor, openSignature, sealSignature } from './signature-envelope.ts';

const signature = { dialect: 'gemini', modelGroup: 'g:3', value: 'a/b+c==' } as const;

describe('a signature in its envelope', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ minLength: 1, maxLength: 9 }),
        (value, modelGroup) => {
          const sealed = sealSignature({ dialect: 'anthropic', modelGroup, value });
          expect(openSignature(sealed)).toEqual({ dialect: 'anthropic', modelGroup, value });
        },
      ),
    );
  });

  it.each([
    '',
    'EqQBCgIYAhIM',
    'gw1:',
    'gw1:nobody:eA:eA',
    'gw1:gemini:eA',
    'gw1:gemini:eA:e=A',
    'gw1:gemini:eA:eA:eA',
    'gw1:gemini::eA',
  ])('is not found in %j', (text) => {
    expect(openSignature(text)).toBeNull();
  });

  it('is refused within another', () => {
    expect(openSignature(sealSignature({ ...signature, value: sealSignature(signature) }))).toBeNull();
  });
});

describe('isSignedFor', () => {
  it.each([
    [{ dialect: 'gemini', modelGroup: 'g:3' }, true],
    [{ dialect: 'gemini', modelGroup: 'g:2' }, false],
    [{ dialect: 'anthropic', modelGroup: 'g:3' }, false],
  ] as const)('%j reads it: %j', (reader, expected) => {
    expect(isSignedFor(signature, reader)).toBe(expected);
    expect(isSignedFor({ ...signature, modelGroup: '*' }, reader)).toBe(reader.dialect === 'gemini');
  });
});
