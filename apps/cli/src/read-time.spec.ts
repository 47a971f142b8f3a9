import { describe, expect, it } from '@jest/globals';
import { readTime } from './read-time.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');

describe('a time on the command line', () => {
  it.each([
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00+02:00', '2026-01-31T06:00:00.000Z'],
    ['2026-01-31', '2026-01-31'],
    ['30m', '2026-03-10T11:30:00.000Z'],
    ['24h', '2026-03-09T12:00:00.000Z'],
    ['7d', '2026-03-03T12:00:00.000Z'],
    ['2w', '2026-02-24T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => expect(readTime(text, NOW)).toBe(expected));

  it.each(['', 'yesterday', '2026-13-01', '2026-01-31T08:00:00', '7', '7y', '-1d', '123456d', '2026-01-31 08:00'])(
    'is not %j',
    (text) => expect(() => readTime(text, NOW)).toThrow('Give a time such as'),
  );
});
