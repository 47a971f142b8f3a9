import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAdminToken } from './admin-token.ts';
import { Redactor } from './redactor.ts';
import { Secret } from './secret.ts';
import { createVirtualKey } from './virtual-key.ts';

const SPELLINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  (secret) => Buffer.from(secret).toString('base64url'),
];

describe('a redactor', () => {
  it('finds a registered secret in every spelling between any text', () => {
    const redactor = new Redactor();
    // A letter in the middle keeps the secret from being a piece of the replacement.
    const secrets = fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }).map((text) => `k1${text}Z9`);
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), fc.constantFrom(...SPELLINGS), (secret, before, after, spell) => {
        redactor.replaceAll([secret]);
        const redacted = redactor.redact(before + spell(secret) + after);
        expect(redacted).toContain('[redacted]');
        expect(redacted).not.toContain(spell(secret));
      }),
      { numRuns: 500 },
    );
  });

  it('finds a secret inside base64 at every alignment, as in basic authentication', () => {
    const redactor = new Redactor();
    redactor.register('s3cr3t-password');
    for (const user of ['a', 'ab', 'abc', 'abcd']) {
      const basic = Buffer.from(`${user}:s3cr3t-password:tail`).toString('base64');
      const redacted = redactor.redact(`basic ${basic} end`);
      const [, rest = ''] = /basic (.*) end/.exec(redacted) ?? [];
      expect(redacted).toContain('[redacted]');
      expect(Buffer.from(rest.split('[redacted]')[0] ?? '', 'base64').toString()).not.toContain('s3c');
    }
  });

  it('covers overlapping secrets completely', () => {
    const redactor = new Redactor();
    redactor.register('abcdefgh');
    redactor.register('efghijkl');
    expect(redactor.redact('<abcdefghijkl>')).toBe('<[redacted]>');
    expect(redactor.redact('abcdefghabcdefgh and efghijkl')).toBe('[redacted][redacted] and [redacted]');
  });

  it('knows the token of a header value, and secrets in their wrapper', () => {
    const redactor = new Redactor();
    redactor.register(new Secret('Bearer upstream-token-1'));
    expect(redactor.redact('got upstream-token-1 back')).toBe('got [redacted] back');
    expect(redactor.redact('Authorization: Bearer upstream-token-1')).toBe('Authorization: [redacted]');
  });

  it('knows keys by their shape and keeps their public part', () => {
    const redactor = new Redactor();
    const { key, prefix } = createVirtualKey();
    const token = createAdminToken();
    expect(redactor.redact(`key=${key}&x`)).toBe(`key=${prefix}_[redacted]&x`);
    expect(redactor.redact(`${token.key}`)).toBe(`${token.prefix}_[redacted]`);
    expect(redactor.redact('sk-proj-abc_DEF-0123456789 end')).toBe('[redacted] end');
    expect(redactor.redact('"authorization":"Bearer eyJhbGciOi.J9.x"')).toBe('"authorization":"Bearer [redacted]"');
    expect(redactor.redact('Bearer%20abcdefghijkl')).toBe('Bearer%20[redacted]');
  });

  it('leaves harmless text alone', () => {
    const redactor = new Redactor();
    redactor.register('s3cr3t-password');
    for (const text of [
      '',
      'the bearer of news',
      '{"inputTokens":12,"max_tokens":100}',
      'task-1 desk-lamp risk-free-trial',
    ]) {
      expect(redactor.redact(text)).toBe(text);
    }
  });

  it('refuses secrets so short that harmless text would suffer', () => {
    const redactor = new Redactor();
    expect(redactor.register('abc')).toBe(false);
    expect(redactor.redact('abc')).toBe('abc');
  });

  it('forgets the oldest secret beyond its bound', () => {
    const redactor = new Redactor({ maxSecrets: 2 });
    for (const secret of ['secret-one', 'secret-two', 'secret-one', 'secret-three']) redactor.register(secret);
    expect(redactor.redact('secret-one secret-two secret-three')).toBe('[redacted] secret-two [redacted]');
  });

  it('takes time linear in the text with thousands of secrets of one beginning', () => {
    const redactor = new Redactor();
    redactor.replaceAll(Array.from({ length: 5_000 }, (_, index) => `vendor-key-${index}-abcdefghijkl`));
    const line = JSON.stringify({ message: 'upstream said no', body: 'lorem ipsum dolor sit amet '.repeat(40) });
    expect(redactor.redact(line)).toBe(line);
    expect(redactor.redact(`${line} vendor-key-4321-abcdefghijkl`)).toBe(`${line} [redacted]`);
  });
});
