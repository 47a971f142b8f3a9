import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runAtOnce } from './run-gradually.ts';
import { ENTITY_LISTS, splitBody } from './split-body.ts';

const split = (body: string) => runAtOnce(splitBody(body));
const lists = fc.record(
  Object.fromEntries(ENTITY_LISTS.map((list) => [list, fc.array(fc.jsonValue(), { maxLength: 4 })])),
  { requiredKeys: [] },
);
const others = fc.dictionary(
  fc.string({ unit: fc.constantFrom('a', '"', '\\', 'é', '{', ']', ',', ' ') }),
  fc.jsonValue(),
  { maxKeys: 4 },
);

describe('a body', () => {
  it('is cut into the texts of what it holds, whatever stands in its strings', () => {
    fc.assert(
      fc.property(lists, others, (entities, rest) => {
        const body = JSON.stringify({ ...rest, ...entities });
        const parts = split(body);
        // A name with an escape, or one that every object has, is left to JSON.parse.
        if (!parts) return expect(Object.keys(rest).some((name) => /[\\"]/.test(name))).toBe(true);
        expect({
          ...parts.frame,
          ...Object.fromEntries(
            Object.entries(parts.entities).map(([list, texts]) => [list, texts.map((text) => JSON.parse(text))]),
          ),
        }).toEqual(JSON.parse(body));
      }),
      { numRuns: 500 },
    );
  });

  it('is never cut to something when it is no JSON', () => {
    const body = JSON.stringify({
      revision: 1,
      proxies: [{ name: 'a "quoted" \\ one', models: [[], {}] }, 7],
      teams: [],
    });
    const damaged = fc.record({
      at: fc.nat(body.length - 1),
      by: fc.constantFrom('', '"', '\\', ',', '}', ']', '{', ':'),
    });
    fc.assert(
      fc.property(damaged, ({ at, by }) => {
        const text = body.slice(0, at) + by + body.slice(at + 1);
        fc.pre(!isJson(text));
        expect(() => {
          const parts = split(text);
          if (!parts) throw new SyntaxError('left to JSON.parse');
          for (const texts of Object.values(parts.entities)) for (const one of texts) JSON.parse(one);
        }).toThrow(SyntaxError);
      }),
      { numRuns: 500 },
    );
  });

  it('is left to JSON.parse when it was not written by JSON.stringify', () => {
    const value = { revision: 1, proxies: [{ a: 1 }] };
    expect(split(JSON.stringify(value, null, 2))).toBeUndefined();
    expect(split('{"revision":1,"revision":2}')).toBeUndefined();
    expect(split('[]')).toBeUndefined();
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
