import { describe, expect, it } from '@jest/globals';
import { usageRange } from './usage-range.ts';

const now = Date.UTC(2026, 0, 2);

describe('a range of usage', () => {
  it('is the last day unless told otherwise', () => {
    expect(usageRange({}, now, 'UTC')).toEqual({
      from: new Date('2026-01-01T00:00:00Z'),
      to: new Date('2026-01-02T00:00:00Z'),
    });
  });

  it('may be told by dates, which begin in the time zone', () => {
    expect(usageRange({ from: '2026-03-29', to: '2026-03-30' }, now, 'Europe/Berlin')).toEqual({
      from: new Date('2026-03-28T23:00:00Z'),
      to: new Date('2026-03-29T22:00:00Z'),
    });
    expect(usageRange({ from: '2026-01-01', to: '2026-01-02T00:00:00+01:00' }, now, 'Asia/Kathmandu')).toEqual({
      from: new Date('2025-12-31T18:15:00Z'),
      to: new Date('2026-01-01T23:00:00Z'),
    });
  });

  it('is refused when it is empty or longer than 400 days', () => {
    expect(() => usageRange({ from: '2026-01-02', to: '2026-01-02' }, now, 'UTC')).toThrow('The request is invalid');
    expect(() => usageRange({ from: '2024-01-01', to: '2026-01-02' }, now, 'UTC')).toThrow('The request is invalid');
    expect(usageRange({ from: '2024-11-28', to: '2026-01-02' }, now, 'UTC').from).toEqual(new Date('2024-11-28'));
  });
});
