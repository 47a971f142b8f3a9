import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CredentialError, openCredential, sealCredential } from './credential-cipher.ts';
import { deriveKeys } from './master-key.ts';

const keys = deriveKeys(Buffer.alloc(32, 7).toString('base64'));
const owner = { organizationId: 'organization-1', providerId: 'provider-1' };

describe('a sealed credential', () => {
  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(openCredential(sealCredential(text, keys, owner), keys, owner)).toBe(text);
      }),
    );
  });

  it('shows its version and key, never its content, and is different each time', () => {
    const sealed = sealCredential('Bearer sk-very-secret', keys, owner);
    expect(sealed.startsWith(`v1.${keys.credentialKeyId}.`)).toBe(true);
    expect(sealed).not.toContain('secret');
    expect(sealCredential('Bearer sk-very-secret', keys, owner)).not.toBe(sealed);
  });

  it('cannot be opened as that of another provider or organization', () => {
    const sealed = sealCredential('secret', keys, owner);
    for (const other of [
      { ...owner, providerId: 'provider-2' },
      { ...owner, organizationId: 'organization-2' },
      { organizationId: 'organization-1","provider-1', providerId: '' },
    ]) {
      expect(() => openCredential(sealed, keys, other)).toThrow(CredentialError);
    }
  });

  it('cannot be opened under another master key, and the error says why', () => {
    const others = deriveKeys(Buffer.alloc(32, 8).toString('base64'));
    const sealed = sealCredential('secret', others, owner);
    expect(() => openCredential(sealed, keys, owner)).toThrow('sealed under another master key');
    const disguised = sealed.replace(others.credentialKeyId, keys.credentialKeyId);
    expect(() => openCredential(disguised, keys, owner)).toThrow(CredentialError);
  });

  it('cannot be opened after any change', () => {
    const sealed = sealCredential('secret', keys, owner);
    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.base64String({ minLength: 4 }), (at, text) => {
        const changed = sealed.slice(0, at) + text.charAt(0) + sealed.slice(at + 1);
        // Two spellings of base64 may mean the same bytes; that is no change.
        const meaning = (value: string): string =>
          value
            .split('.')
            .map((part, index) => (index < 2 ? part : Buffer.from(part, 'base64url').toString('hex')))
            .join('.');
        fc.pre(meaning(changed) !== meaning(sealed));
        expect(() => openCredential(changed, keys, owner)).toThrow(CredentialError);
      }),
    );
  });

  it('is refused with a credential error for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `v1.${keys.credentialKeyId}.${text}.AAAA`),
        ),
        (text) => {
          expect(() => openCredential(text, keys, owner)).toThrow(CredentialError);
        },
      ),
    );
  });

  it('may have 64 KiB at most', () => {
    expect(() => sealCredential('x'.repeat(65_537), keys, owner)).toThrow(CredentialError);
    expect(openCredential(sealCredential('x'.repeat(65_536), keys, owner), keys, owner)).toHaveLength(65_536);
  });
});
