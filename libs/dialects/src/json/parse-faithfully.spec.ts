import { describe, expect, it } from '@jest/globals';
import { parseFaithfully } from './parse-faithfully.ts';

describe('parseFaithfully', () => {
  it.each([
    '{"seed":12345678901234567890}',
    '[1.0,1e400,-0,0.1,3]',
    '{"a":[{"b":9007199254740993}],"c":"1.0"}',
    'null',
  ])('writes %s as it was', (text) => {
    expect(JSON.stringify(parseFaithfully(text))).toBe(text);
  });

  it('gives plain numbers where nothing is lost', () => {
    expect(parseFaithfully('[1,2.5,"x"]')).toEqual([1, 2.5, 'x']);
  });
});
