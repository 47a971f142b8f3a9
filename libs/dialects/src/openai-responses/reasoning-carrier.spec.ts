import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { type CarrierTarget, openCarrier, sealCarrier } from './reasoning-carrier.ts';

const targets: readonly CarrierTarget[] = ['reasoning', 'redacted', 'next-call', 'previous-text'];

describe('signature carriers', () => {
  it('open to what was sealed', () => {
    const base64 = fc.base64String({ minLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(...targets),
        base64,
        fc.string({ minLength: 1, maxLength: 50 }),
        (target, value, group) => {
          const signature = { dialect: 'gemini', modelGroup: group, value } as const;
          expect(openCarrier(sealCarrier(target, signature))).toEqual({ target, signature });
        },
      ),
    );
  });

  it("take anything else for OpenAI's own", () => {
    expect(openCarrier('gAAAAA')).toEqual({
      target: 'reasoning',
      signature: { dialect: 'openai-responses', modelGroup: '*', value: 'gAAAAA' },
    });
  });

  it('do not open when they are damaged, empty or nested', () => {
    const signature = { dialect: 'gemini', modelGroup: 'g', value: 'x' } as const;
    expect(openCarrier('gw1:gemini:broken')).toBeNull();
    expect(openCarrier(sealSignature({ ...signature, value: 'next-call:' }))).toBeNull();
    expect(openCarrier(sealCarrier('redacted', { ...signature, value: sealSignature(signature) }))).toBeNull();
  });
});
