import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scanObject } from './scan-object.ts';

const bounds = { maxDepth: 64, maxValues: 200_000 };
const scan = (text: string) => scanObject(Buffer.from(text), bounds);
const codeOf = (text: string | Buffer): string => {
  try {
    scanObject(Buffer.from(text), bounds);
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('scanObject', () => {
  it('finds the value of each member, byte for byte', () => {
    const body = '{ "model" : "a\\"b" ,"n":1.5e3, "messages":[{"x":[1,{}]}],"ü":null}';
    const values = scan(body).map(({ key, start, end }) => [key, Buffer.from(body).toString('utf8', start, end)]);
    expect(values).toEqual([
      ['model', '"a\\"b"'],
      ['n', '1.5e3'],
      ['messages', '[{"x":[1,{}]}]'],
      ['ü', 'null'],
    ]);
  });

  it('agrees with JSON.parse on every document it is given', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const members = scan(text);
        const read = members.map(({ key, start, end }) => [
          key,
          JSON.parse(Buffer.from(text).toString('utf8', start, end)),
        ]);
        expect(read).toEqual(Object.entries(JSON.parse(text) as object));
      }),
      { numRuns: 1000 },
    );
  });

  it('agrees with JSON.parse on validity when one byte is damaged', () => {
    const bytes = '{}[],:"\\tfn0-1.eE x\n';
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }),
        fc.nat(),
        fc.constantFrom(...bytes.split('')),
        (value, at, byte) => {
          const text = JSON.stringify(value);
          const position = at % text.length;
          const damaged = text.slice(0, position) + byte + text.slice(position + 1);
          let keys: string[] | undefined;
          try {
            const parsed: unknown = JSON.parse(damaged);
            keys = typeof parsed === 'object' && parsed && !Array.isArray(parsed) ? Object.keys(parsed) : undefined;
          } catch {
            // The damage may also make a key stand twice before the place where the JSON breaks.
            expect(['invalid_json', 'invalid_utf8', 'invalid_request']).toContain(codeOf(damaged));
            return;
          }
          const code = codeOf(damaged);
          // JSON.parse keeps the last of two equal keys; the scanner refuses them.
          if (code === 'accepted')
            expect(
              scan(damaged)
                .map(({ key }) => key)
                .sort(),
            ).toEqual(keys?.sort());
          else expect(code).toBe('invalid_request');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('decodes an escaped key, so that it cannot hide', () => {
    expect(scan('{"mod\\u0065l":"x"}')[0]?.key).toBe('model');
    expect(codeOf('{"model":"allowed","mod\\u0065l":"forbidden"}')).toBe('invalid_request');
  });

  it.each([
    ['', 'invalid_json'],
    ['null', 'invalid_request'],
    ['[{"model":"a"}]', 'invalid_request'],
    ['{"a":1', 'invalid_json'],
    ['{"a":1,}', 'invalid_json'],
    ['{"a":01}', 'invalid_json'],
    ['{"a":NaN}', 'invalid_json'],
    ['{"a":1} x', 'invalid_json'],
    ['\uFEFF{"a":1}', 'invalid_json'],
    ['{"a":"\n"}', 'invalid_json'],
    ['{"a":1,"a":2}', 'invalid_request'],
    [`{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'json_too_deep'],
    [`{"a":[${'1,'.repeat(200_001)}1]}`, 'json_too_complex'],
  ])('refuses %.30j with %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(codeOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe('invalid_utf8');
  });

  it('reads a string of many long runs in one pass', () => {
    // Searching for its far end at each escape would take minutes.
    const body = `{"x":"${`${'a'.repeat(300)}\\n`.repeat(50_000)}"}`;
    expect(scan(body)[0]?.end).toBe(body.length - 1);
  });

  it('reads long strings with escapes in and around the long part', () => {
    for (const length of [62, 63, 64, 65, 510, 5000]) {
      const value = `${'a'.repeat(length)}\\"${'b'.repeat(700)}\\\\`;
      const body = `{"x":"${value}","y":1}`;
      expect(scan(body).map(({ key }) => key)).toEqual(['x', 'y']);
    }
  });
});
