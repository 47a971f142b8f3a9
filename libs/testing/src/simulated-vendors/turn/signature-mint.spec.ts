import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { vendorNames } from '../vendor.ts';
import { isMinted, mintSignature } from './signature-mint.ts';

const vendor = fc.constantFrom(...vendorNames);

describe('signatures', () => {
  it('are known to the vendor that made them, with the text that they were made for or none', () => {
    fc.assert(
      fc.property(
        vendor,
        vendor,
        fc.string({ minLength: 1 }),
        fc.string({ minLength: 1 }),
        (maker, reader, text, other) => {
          const signature = mintSignature(maker, text);
          expect(isMinted(reader, signature, text)).toBe(maker === reader);
          expect(isMinted(maker, signature, '')).toBe(true);
          expect(isMinted(maker, signature, other)).toBe(other === text);
        },
      ),
    );
  });

  it('cannot be changed or made up', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.base64String(), (position, made) => {
        const bytes = Buffer.from(mintSignature('gemini', 'thought'), 'base64');
        bytes[position % bytes.length] = (bytes[position % bytes.length] ?? 0) ^ 1;
        expect(isMinted('gemini', bytes.toString('base64'), '')).toBe(false);
        expect(isMinted('gemini', made, '')).toBe(false);
      }),
    );
  });
});
