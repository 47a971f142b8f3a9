import { describe, expect, it } from '@jest/globals';
import type { ApiKeyValidity } from '@penstock/contracts';
import { expiryOf } from './api-key-expiry.ts';

const now = Date.parse('2026-01-31T12:00:00Z');

describe('A7: the expiry of an API key', () => {
  it.each<[ApiKeyValidity['unit'], number, string]>([
    ['seconds', 1, '2026-01-31T12:00:01.000Z'],
    ['minutes', 90, '2026-01-31T13:30:00.000Z'],
    ['hours', 24, '2026-02-01T12:00:00.000Z'],
    ['days', 30, '2026-03-02T12:00:00.000Z'],
    ['weeks', 2, '2026-02-14T12:00:00.000Z'],
    ['months', 1, '2026-02-28T12:00:00.000Z'],
  ])('A7: in %s times %i is %s', (unit, duration, end) => {
    expect(expiryOf({ expiresIn: { unit, duration } }, now)).toBe(end);
  });

  it('A7: is never without being asked for, and expiresAt goes before expiresIn', () => {
    const expiresAt = '2027-01-01T00:00:00+01:00';
    expect(expiryOf({}, now)).toBeUndefined();
    expect(expiryOf({ expiresAt: null }, now)).toBeNull();
    expect(expiryOf({ expiresAt, expiresIn: { unit: 'days', duration: 1 } }, now)).toBe(expiresAt);
  });

  it.each([
    [{ expiresAt: '2026-01-31T12:00:00Z' }, 'must be in the future'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'must be in the future'],
    [{ expiresIn: { unit: 'months', duration: 1_000_000 } }, 'too far in the future'],
    [{ expiresIn: { unit: 'weeks', duration: 1_000_000_000 } }, 'too far in the future'],
  ] as const)('A7: %j is refused', (wanted, message) => {
    const refuse = () => expiryOf(wanted, now);
    expect(refuse).toThrow('The request is invalid.');
    try {
      refuse();
    } catch (error) {
      expect((error as { errors: { message: string }[] }).errors[0]?.message).toContain(message);
    }
  });
});
