import { describe, expect, it } from '@jest/globals';
import { parseOptions } from './options.mjs';

const wanted = ['--from', 'f.json', '--source', 's', '--date', '2026-11-21'];

describe('the command line of the conversion', () => {
  it('names file, source and day, and has a place for the catalog', () => {
    const { from, to, date } = parseOptions(wanted);
    expect([from, date, to]).toEqual(['f.json', '2026-11-21', 'apps/control-plane/data/price-catalog.json']);
    expect(parseOptions(['-h']).help).toBe(true);
  });

  it.each([
    [wanted.slice(2), '--from is missing'],
    [[...wanted, '--date', 'today'], '--date must be a day'],
    [[...wanted, '--more'], "Unknown option '--more'"],
  ])('refuses %j', (args, message) => expect(() => parseOptions(args)).toThrow(message));
});
