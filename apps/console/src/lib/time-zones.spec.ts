import { describe, expect, it } from '@jest/globals';
import { TimeZone } from '@penstock/contracts';
import { timeZoneChoices } from './time-zones.ts';

const nameOf = (choice: unknown): string => (typeof choice === 'string' ? choice : JSON.stringify(choice));
const namesOf = (also?: string): string[] =>
  timeZoneChoices(also).flatMap((choice) =>
    typeof choice === 'object' && 'items' in choice ? choice.items.map(nameOf) : [nameOf(choice)],
  );

describe('the choices of a time zone', () => {
  it('begin with UTC and the one in force, and have no name twice', () => {
    const names = namesOf('Europe/Berlin');
    expect(names.slice(0, 2)).toEqual(['UTC', 'Europe/Berlin']);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(300);
  });

  it('go by the names of today, all of which the admin API takes', () => {
    const names = namesOf();
    expect(names).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Asia/Kathmandu', 'Europe/Kyiv']));
    expect(names).not.toContain('Asia/Calcutta');
    expect(names.filter((name) => !TimeZone.safeParse(name).success)).toEqual([]);
  });
});
