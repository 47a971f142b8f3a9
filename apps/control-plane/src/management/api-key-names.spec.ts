import { describe, expect, it } from '@jest/globals';
import { ApiKeyName, ResourceName } from '@penstock/contracts';
import fc from 'fast-check';
import { handleFor, virtualKeyName } from './api-key-names.ts';

describe('A7: names of API keys', () => {
  it('A7: are made of the display name where none is given', () => {
    expect(handleFor('My Production Key!')).toMatch(/^my-production-key-[0-9a-f]{8}$/);
    expect(handleFor(undefined)).toMatch(/^key-[0-9a-f]{8}$/);
    expect(handleFor('Ключ')).toMatch(/^key-[0-9a-f]{8}$/);
  });

  it('A7: always are what names may be, and give virtual keys names', () => {
    const parentName = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,250}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), parentName, (displayName, name) => {
        const handle = handleFor(displayName);
        expect(ApiKeyName.safeParse(handle).success).toBe(true);
        expect(ResourceName.safeParse(virtualKeyName({ kind: 'LlmProxy', name }, handle)).success).toBe(true);
        expect(ResourceName.safeParse(virtualKeyName({ kind: 'LlmProvider', name }, handle)).success).toBe(true);
      }),
    );
  });
});
