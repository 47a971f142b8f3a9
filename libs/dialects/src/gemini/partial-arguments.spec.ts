import { describe, expect, it } from '@jest/globals';
import { PartialArguments } from './partial-arguments.ts';

function collect(...pieces: readonly object[]): unknown {
  const partial = new PartialArguments();
  for (const piece of pieces) partial.add(piece as Parameters<PartialArguments['add']>[0]);
  return JSON.parse(partial.toJson());
}

describe('PartialArguments', () => {
  it('builds trees of objects and arrays', () => {
    const tree = collect(
      { jsonPath: '$.a.b[1]', numberValue: 2.5 },
      { jsonPath: "$.a['c d']", boolValue: false },
      { jsonPath: '$["e.f"].g', nullValue: 'NULL_VALUE' },
      { jsonPath: '$.list[0].x', stringValue: 'y' },
    );
    expect(tree).toEqual({ a: { b: [null, 2.5], 'c d': false }, 'e.f': { g: null }, list: [{ x: 'y' }] });
  });

  it('goes on with a text only while it is said to continue', () => {
    const piece = (stringValue: string, willContinue: boolean) => ({ jsonPath: '$.t', stringValue, willContinue });
    expect(collect(piece('a', true), piece('b', true), piece('c', false))).toEqual({ t: 'abc' });
    expect(collect(piece('a', false), piece('b', false))).toEqual({ t: 'b' });
    expect(collect({ jsonPath: '$.t', willContinue: true }, piece('a', false))).toEqual({ t: 'a' });
  });

  it('is an empty object when nothing came', () => {
    expect(collect()).toEqual({});
  });

  it('takes names of prototypes for names', () => {
    expect(JSON.stringify(collect({ jsonPath: '$.__proto__.x', numberValue: 1 }))).toBe('{"__proto__":{"x":1}}');
    expect(Object.prototype).not.toHaveProperty('x');
  });

  it.each(['', 'a', '$', '$.', '$[', '$.a[99999999]', '$..a', `$${'.a'.repeat(65)}`])(
    'refuses the path %j',
    (jsonPath) => {
      expect(() => collect({ jsonPath, numberValue: 1 })).toThrow('cannot be read');
    },
  );
});
