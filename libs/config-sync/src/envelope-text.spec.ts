import { describe, expect, it } from '@jest/globals';
import { readBodyText, readHead } from './envelope-text.ts';
import { runAtOnce } from './run-gradually.ts';
import { encodeEnvelope } from './seal-snapshot.ts';

const head = { revision: 7, checksum: 'a'.repeat(64), signature: 'abc_-' };

describe('the text of an envelope', () => {
  it('gives its body back, also where a piece of it would end within an escape', () => {
    for (let shift = 0; shift < 16; shift += 1) {
      const body = 'x'.repeat(shift) + '\\"\u0001\n"é😀'.repeat(60_000);
      const text = encodeEnvelope({ ...head, body });
      const found = readHead(text);
      expect(found).toMatchObject(head);
      expect(runAtOnce(readBodyText(text, found!)) === body).toBe(true);
    }
  });

  it('is not read when it was cut or is written in another way', () => {
    const text = encodeEnvelope({ ...head, body: '{"a":1}' });
    expect(readHead(text.slice(0, -1))).toBeUndefined();
    expect(readHead(text.replace('{"', '{ "'))).toBeUndefined();
    const spoiled = text.replace('\\"a', '"a');
    expect(() => runAtOnce(readBodyText(spoiled, readHead(spoiled)!))).toThrow(SyntaxError);
  });
});
