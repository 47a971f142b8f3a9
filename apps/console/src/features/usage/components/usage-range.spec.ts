import { describe, expect, it } from '@jest/globals';
import { boundsOf, intervalOf, readUsageView } from './usage-range.ts';

const view = (search: string) => readUsageView(new URLSearchParams(search));

describe('the usage view in the URL', () => {
  it('starts with the last 24 hours by key', () => {
    expect(view('')).toEqual({ range: { preset: '24h' }, groupBy: 'key', filters: {} });
  });

  it('reads range, group and filters', () => {
    expect(view('range=7d&groupBy=model&key=app-1&team=default')).toEqual({
      range: { preset: '7d' },
      groupBy: 'model',
      filters: { key: 'app-1', team: 'default' },
    });
  });

  it('falls back where the URL makes no sense', () => {
    expect(view('range=9y&groupBy=colour&from=yesterday&to=2026-01-01').range).toEqual({ preset: '24h' });
    expect(view('from=2026-01-02&to=2026-01-01').range).toEqual({ preset: '24h' });
  });

  it('takes two fixed times', () => {
    expect(view('from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z').range).toEqual({
      preset: 'custom',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-03T00:00:00.000Z',
    });
  });
});

describe('the bounds of a range', () => {
  const now = Date.UTC(2026, 0, 8);

  it('end now for a preset', () => {
    expect(boundsOf({ preset: '7d' }, now)).toEqual({
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-08T00:00:00.000Z',
    });
  });

  it.each([
    ['1h', 'minute'],
    ['24h', 'hour'],
    ['7d', 'day'],
    ['30d', 'day'],
  ] as const)('of %s are cut by the %s', (preset, interval) => {
    expect(intervalOf(boundsOf({ preset }, now))).toBe(interval);
  });
});
