import { describe, expect, it } from '@jest/globals';
import { calendarWindow } from './calendar-window.ts';

describe('a calendar window', () => {
  const at = Date.parse('2028-02-29T23:59:59.999Z'); // a Tuesday in a leap year
  const iso = (window: 'hour' | 'day' | 'week' | 'month', ms = at): string[] => {
    const { startMs, endMs } = calendarWindow(window, ms);
    return [startMs, endMs].map((time) => new Date(time).toISOString());
  };

  it('is aligned to UTC, a week to Monday', () => {
    expect(iso('hour')).toEqual(['2028-02-29T23:00:00.000Z', '2028-03-01T00:00:00.000Z']);
    expect(iso('day')).toEqual(['2028-02-29T00:00:00.000Z', '2028-03-01T00:00:00.000Z']);
    expect(iso('week')).toEqual(['2028-02-28T00:00:00.000Z', '2028-03-06T00:00:00.000Z']);
    expect(iso('month')).toEqual(['2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z']);
  });

  it('begins with its first millisecond', () => {
    expect(iso('month', at + 1)[0]).toBe('2028-03-01T00:00:00.000Z');
    expect(iso('month', Date.parse('2027-12-31T00:00:00Z'))[1]).toBe('2028-01-01T00:00:00.000Z');
  });
});
