import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SecretReferenceError } from './reference-syntax.ts';
import { referencedSecrets, referencedVariables, requiredSecrets, resolveReferences } from './references.ts';
import { readSecretVariable } from './secret-variable.ts';

const secrets = new Map([
  ['openai', 'sk-1'],
  ['empty', ''],
  ['tricky', '{{ secret "openai" }}'],
]);
const sources = {
  secret: (name: string) => secrets.get(name),
  env: (name: string) => (name === 'PENSTOCK_SECRET_X' ? 'from env' : undefined),
};

describe('A7: references to secrets', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['}} alone', '}} alone'],
    ['Bearer {{ secret "openai" }}', 'Bearer sk-1'],
    ['Bearer {{secret "openai"}}!', 'Bearer sk-1!'],
    ['{{ secret `openai` }}{{ env "PENSTOCK_SECRET_X" }}', 'sk-1from env'],
    ['{{ env "NONE" | default "v" }}', 'v'],
    ['{{ secret "none" | default "a}}b\\"c" }}', 'a}}b"c'],
    ['{{ secret "openai" | default "v" }}', 'sk-1'],
    ['{{ secret "empty" }}', ''],
    ['{{ secret "empty" | default "v" }}', 'v'],
    ['{{ secret "openai" | required }}', 'sk-1'],
    ['{{ secret "openai" | required "must be there" }}', 'sk-1'],
    ['{{ secret "none" | default "" | default "v" | required }}', 'v'],
  ])('A7: %j becomes %j', (text, resolved) => {
    expect(resolveReferences(text, sources)).toBe(resolved);
  });

  it.each([
    ['{{ secret "none" }}', "the secret 'none' does not exist"],
    ['{{ env "NONE" }}', "the environment variable 'NONE' does not exist"],
    ['{{ secret "empty" | required }}', "the secret 'empty' is empty and required"],
    ['{{ secret "empty" | default "" | required }}', "the secret 'empty' is empty and required"],
    ['{{ secret openai }}', 'neither'],
    ['{{ }}', 'neither'],
    ['{{ secret "" }}', 'without a name'],
    ['{{ secret "openai"', "'{{' without its '}}'"],
    ['{{ secret "openai" | upper }}', 'may only be followed by'],
    ['{{ secret "openai" | default }}', 'may only be followed by'],
    [String.raw`{{ secret "a\x" }}`, 'escape'],
  ])('A7: %j is refused: %s', (text, message) => {
    expect(() => resolveReferences(text, sources)).toThrow(message);
  });

  it('A7: does not read a value again', () => {
    expect(resolveReferences('{{ secret "tricky" }}', sources)).toBe('{{ secret "openai" }}');
  });

  it('A7: is bounded in what it reads and makes', () => {
    const reference = '{{ secret "openai" }}';
    expect(() => resolveReferences(reference.repeat(101), sources)).toThrow('more than 100');
    expect(() => resolveReferences(reference + 'x'.repeat(65_536), sources)).toThrow('longer than 65536');
    const long = { ...sources, secret: () => 'x'.repeat(10_240) };
    expect(() => resolveReferences('{{ secret "a" }}'.repeat(30), long)).toThrow('becomes longer');
  });

  it('A7: tells which secrets and variables are named', () => {
    const text = '{{ secret "a" }}{{ env "B" }}{{ secret "c" | default "d" }}{{ secret "a" }}';
    expect(referencedSecrets(text)).toEqual(['a', 'c']);
    expect(requiredSecrets(text)).toEqual(['a']);
    expect(referencedVariables(text)).toEqual(['B']);
  });

  it('A7: resolves whatever names and literals stand together', () => {
    const literal = fc.string().filter((text) => !text.includes('{') && !text.includes('}'));
    const name = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, name), { maxLength: 20 }), (parts) => {
        const text = parts.map(([plain, secret]) => `${plain}{{ secret ${JSON.stringify(secret)} }}`).join('');
        const expected = parts.map(([plain, secret]) => `${plain}<${secret}>`).join('');
        expect(resolveReferences(text, { ...sources, secret: (secret) => `<${secret}>` })).toBe(expected);
        expect(referencedSecrets(text)).toEqual([...new Set(parts.map(([, secret]) => secret))]);
      }),
    );
  });

  it('A7: any text is resolved, or refused with its own error and without a value', () => {
    const pieces = fc.constantFrom('{{', '}}', '"', '`', 'secret', 'env', ' ', '|', 'default', 'required', 'a', '\\');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          try {
            const resolved = resolveReferences(text, { secret: () => 'VALUE', env: () => 'VALUE' });
            if (!text.includes('{{')) expect(resolved).toBe(text);
          } catch (error) {
            expect(error).toBeInstanceOf(SecretReferenceError);
            expect(String(error)).not.toContain('VALUE');
          }
        },
      ),
    );
  });

  it('A7: takes linear time for what is never closed', () => {
    const startedAt = performance.now();
    expect(() => resolveReferences(`{{ secret "${'\\"'.repeat(30_000)}`, sources)).toThrow(SecretReferenceError);
    expect(() => resolveReferences('{{ '.repeat(20_000), sources)).toThrow(SecretReferenceError);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('A7: reads no variable of the process itself', () => {
    const environment = { PENSTOCK_SECRET_X: 'x', PENSTOCK_MASTER_KEY: 'key', PATH: '/bin', PENSTOCK_SECRET_x: 'y' };
    const read = (name: string) => readSecretVariable(environment, name);
    expect(['PENSTOCK_SECRET_X', 'PENSTOCK_MASTER_KEY', 'PATH', 'PENSTOCK_SECRET_x'].map(read)).toEqual([
      'x',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
