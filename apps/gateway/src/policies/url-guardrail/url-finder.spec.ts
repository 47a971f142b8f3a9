import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitText } from '../text/testing/split-text.ts';
import { MAX_URL_LENGTH, UrlFinder, urlsIn } from './url-finder.ts';

describe('C url-guardrail: URLs of a text', () => {
  it.each<readonly [string, readonly string[]]>([
    ['see https://a.example/x?y=1#z.', ['https://a.example/x?y=1#z']],
    ['HTTP://A.example, and https://b.example!', ['HTTP://A.example', 'https://b.example']],
    ['[text](https://a.example)', ['https://a.example']],
    ['(https://a.example/a_(b)).', ['https://a.example/a_(b)']],
    [
      '<https://a.example> "https://b.example" `https://c.example`',
      [1, 2, 3].map((n) => `https://${'abc'[n - 1]}.example`),
    ],
    ['x(https://a.example);y(https://b.example)', ['https://a.example', 'https://b.example']],
    ['http://[::1]:8080/x and http://[fe80::1]', ['http://[::1]:8080/x', 'http://[fe80::1]']],
    ['http://[placeholder]/x http:// https://', []],
    ['https://web.example/https://inner.example', ['https://web.example/https://inner.example']],
    ['看（https://a.example）。', ['https://a.example']],
    ['ftp://a.example mailto:b@c.example a.example', []],
    ['https://user:pass@a.example/', ['https://user:pass@a.example/']],
    ['https://a.example https://a.example', ['https://a.example']],
  ])('C url-guardrail: finds those of %j', (text, urls) => {
    expect(urlsIn(text)).toEqual(urls);
  });

  it('C url-guardrail: are the same however the text is split, and nothing of one is let go before', () => {
    const parts = [
      'https://',
      'http://',
      'a.example',
      '/x',
      '[::1]',
      '[',
      ']',
      '(',
      ')',
      '. ',
      ' ',
      'h',
      'ht',
      ';',
      'ttp',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 14 }), fc.array(fc.nat()), (texts, places) => {
        const whole = texts.join('');
        const finder = new UrlFinder();
        const found: string[] = [];
        let length = 0;
        for (const piece of splitText(whole, places)) {
          const before = found.length;
          found.push(...finder.push(piece));
          length += piece.length;
          expect(finder.position).toBeLessThanOrEqual(length);
          if (found.length === before) {
            // What is let go holds no URL that has not been found.
            expect(urlsIn(whole.slice(0, finder.position)).every((url) => found.includes(url))).toBe(true);
          }
        }
        found.push(...finder.end());
        expect([...new Set(found)]).toEqual(urlsIn(whole));
      }),
      { numRuns: 500 },
    );
  });

  it('C url-guardrail: are not waited for without an end', () => {
    const finder = new UrlFinder();
    const long = `https://a.example/${'x'.repeat(MAX_URL_LENGTH)}`;
    expect(finder.push(long)).toEqual([long]);
    expect(finder.position).toBe(long.length);
    const glued = `https://a.example${'(https://b.example'.repeat(100_000)}`;
    expect(urlsIn(`${glued} .`)).toEqual([glued]);
  });
});
