import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvLine } from './csv-line.ts';

/** A plain reader of RFC 4180, for one line. */
function read(line: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (const [, quoted, plain] of line.matchAll(pattern)) cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  return cells;
}

describe('a line of CSV', () => {
  it('gives back every text, with an apostrophe before what looks like a formula', () => {
    const text = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ' ', 'a', 'ä', "'"),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (cells) => {
        const seen = read(csvLine(cells));
        expect(seen).toEqual(cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)));
      }),
    );
  });

  it('leaves numbers as they are, and nothing as nothing', () => {
    expect(csvLine(['a', -1.5, true, null, '=1+1', 'say "hi"'])).toBe(`a,-1.5,true,,'=1+1,"say ""hi"""\r\n`);
  });
});
