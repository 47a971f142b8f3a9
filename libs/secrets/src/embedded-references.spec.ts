import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { embeddedReferences, referringTexts, resolveValue } from './embedded-references.ts';

const sources = {
  secret: (name: string) => (name === 'none' ? undefined : `<${name}>`),
  env: (name: string) => (name === 'PENSTOCK_SECRET_X' ? '{{ secret "x" }}' : undefined),
};
const resolved = (text: string): string => resolveValue(text, sources).value;

describe('A7: references among other text', () => {
  it.each([
    ['Hello {{ name }}, {{secret}} and {{ secret name }}'],
    ['{{#if env}}{{/if}} {{ environment "X" }} {{ .Values.secret "x" }}'],
    ['[[parameter]] {{'],
    ['{{ secret }} "x"'],
  ])('A7: %j stays as it is', (text) => {
    expect(resolved(text)).toBe(text);
    expect(referringTexts({ text })).toEqual([]);
  });

  it.each([
    ['{{ name }} {{ secret "a" }} {{ other', '{{ name }} <a> {{ other'],
    ['{{{ secret `a` }}}', '{<a>}'],
    ['{{ secret "none" | default "{{ env \\"HOME\\" }}" }}', '{{ env "HOME" }}'],
    ['{{ env "PENSTOCK_SECRET_X" }}', '{{ secret "x" }}'],
  ])('A7: %j becomes %j', (text, expected) => {
    expect(resolved(text)).toBe(expected);
  });

  it.each([
    ['{{ secret "a', "a.0: has a '{{' without its '}}'"],
    ['{{ secret "a" | upper }}', 'a.0: may only be followed by'],
    ['{{ secret \\"a\\" }}', 'a.0: has a reference with escaped quotes'],
    ['{{ env "NONE" }}', "a.0: the environment variable 'NONE' does not exist"],
  ])('A7: %j begins as a reference and is refused: %s', (text, message) => {
    expect(() => resolveValue({ a: [text] }, sources)).toThrow(message);
  });

  it('A7: are found and resolved wherever strings stand, and nowhere else', () => {
    const value = { a: [1, 'plain', { b: '{{ secret "x" }}!' }], '{{ secret "key" }}': null, c: true };
    expect(referringTexts(value).map(({ path }) => path)).toEqual([['a', 2, 'b']]);
    expect(resolveValue(value, sources)).toEqual({
      value: { ...value, a: [1, 'plain', { b: '<x>!' }] },
      rendered: [['a', 2, 'b']],
    });
    expect(embeddedReferences('{{ x }}{{ secret "a" | default "b" }}')).toEqual([
      { source: 'secret', name: 'a', fallback: 'b', required: false },
    ]);
  });

  it('A7: a value without references stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(referringTexts(value).length === 0);
        expect(JSON.stringify(resolveValue(value, sources).value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('A7: takes linear time for what only looks like one', () => {
    const startedAt = performance.now();
    expect(resolved(`${'{{ '.repeat(100_000)}${'{{'}${' '.repeat(100_000)}`)).toContain('{{');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
