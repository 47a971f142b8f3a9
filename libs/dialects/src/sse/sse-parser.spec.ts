import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SseEvent } from './sse-event.ts';
import { SseEventTooLargeError, SseParser } from './sse-parser.ts';

function parse(bytes: Buffer, cuts: readonly number[] = []): SseEvent[] {
  const parser = new SseParser();
  const events: SseEvent[] = [];
  let from = 0;
  for (const cut of cuts.toSorted((a, b) => a - b)) {
    events.push(...parser.push(bytes.subarray(from, cut)));
    from = Math.max(from, cut);
  }
  events.push(...parser.push(bytes.subarray(from)), ...parser.end());
  return events;
}

describe('SseParser', () => {
  it.each([
    ['LF', 'event: a\ndata: 1\n\ndata: 2\n\n'],
    ['CRLF', 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n'],
    ['CR', 'event: a\rdata: 1\r\rdata: 2\r\r'],
    [
      'no space, comments, ids and a byte order mark',
      '\uFEFF: hi\nid: 7\nretry: 9\nevent:a\ndata:1\n\n: ping\n\ndata:2\n\n',
    ],
    ['a last event without a blank line', 'event: a\ndata: 1\n\ndata: 2'],
    ['empty data', 'data:\n\nevent: a\ndata: 1\n\ndata: \n\ndata: 2\n\n'],
  ])('reads %s', (_, text) => {
    expect(parse(Buffer.from(text))).toEqual([
      { event: 'a', data: '1' },
      { event: null, data: '2' },
    ]);
  });

  it('joins lines of data and leaves U+2028 within them', () => {
    expect(parse(Buffer.from('data: a\u2028b\ndata: c\n\n'))).toEqual([{ event: null, data: 'a\u2028b\nc' }]);
  });

  it('gives the same events however the bytes are split', () => {
    const text = ': c\r\nevent: x\r\ndata: {"t":"héllo 🌍"}\r\n\r\ndata: a\rdata: b\r\rdata: \u2028é\n\ndata: end';
    const bytes = Buffer.from(text);
    const whole = parse(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        expect(parse(bytes, cuts)).toEqual(whole);
      }),
    );
    expect(parse(bytes, [...bytes.keys()])).toEqual(whole);
  });

  it('refuses an event beyond its bound', () => {
    const parser = new SseParser(10);
    expect(() => parser.push(Buffer.from('data: 0123456789'))).toThrow(SseEventTooLargeError);
  });
});
