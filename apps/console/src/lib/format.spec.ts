import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCost, microUsdToUsd, usdToMicroUsd } from './format-cost.ts';
import { formatDuration } from './format-duration.ts';
import { formatCompact, formatCount, formatShare } from './format-number.ts';
import { formatRelativeTime } from './format-time.ts';

describe('cost', () => {
  it.each([
    [0, '$0.00'],
    [1, '$0.000001'],
    [12_345, '$0.012345'],
    [1_234_567, '$1.23'],
    [9_876_543_210, '$9,876.54'],
  ])('of %p micro-USD reads %p', (microUsd, text) => {
    expect(formatCost(microUsd)).toBe(text);
  });

  it('survives being shown in a field and read back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_000_000_000_000 }),
        (microUsd) => usdToMicroUsd(microUsdToUsd(microUsd)) === microUsd,
      ),
    );
  });
});

describe('numbers', () => {
  it('are exact with separators, and short where space is', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatCompact(9_999)).toBe('9,999');
    expect(formatCompact(1_234_567)).toBe('1.2M');
  });

  it('have a share only of something', () => {
    expect(formatShare(1, 8)).toBe('12.5%');
    expect(formatShare(0, 0)).toBe('–');
  });
});

describe('durations and times', () => {
  it.each([
    [null, '–'],
    [840, '840 ms'],
    [2_400, '2.4 s'],
    [180_000, '3 min'],
    [18_000_000, '5 h'],
    [345_600_000, '4 d'],
  ])('%p reads %p', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it('are told from now', () => {
    const now = Date.UTC(2026, 0, 2);
    expect(formatRelativeTime('2026-01-01T23:57:00Z', now)).toBe('3 minutes ago');
    expect(formatRelativeTime('2026-01-04T00:00:00Z', now)).toBe('in 2 days');
    expect(formatRelativeTime('2026-01-02T00:00:01Z', now)).toBe('just now');
  });
});
