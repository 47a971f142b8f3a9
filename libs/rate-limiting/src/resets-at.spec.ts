import { describe, expect, it } from '@jest/globals';
import type { Limit } from '@penstock/contracts';
import fc from 'fast-check';
import { resetsAtMs } from './resets-at.ts';
import { windowAt } from './window-at.ts';

const limit = (window: 'hour' | 'day' | 'week' | 'month', alignment?: 'rolling'): Limit => ({
  unit: 'cost',
  window,
  max: 1,
  mode: 'enforce',
  ...(alignment && { alignment }),
});

describe('the reset of a limit', () => {
  it('is the end of a calendar window, whatever the answer took and by however much the clocks differ', () => {
    const given = {
      window: fc.constantFrom('hour', 'day', 'week', 'month'),
      timeZone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns'),
      nowMs: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) }),
      offMs: fc.integer({ min: -400_000, max: 400_000 }),
    };
    fc.assert(
      fc.property(fc.record(given), ({ window, timeZone, nowMs, offMs }) => {
        const { endMs } = windowAt(limit(window), timeZone, nowMs);
        expect(resetsAtMs(limit(window), nowMs + offMs, endMs - nowMs)).toBe(endMs);
      }),
    );
  });

  it('is now where nothing remains', () => expect(resetsAtMs(limit('day'), 1_000_003, 0)).toBe(1_000_003));

  it('is what remains of a rate and of a rolling ledger', () => {
    expect(resetsAtMs(limit('day', 'rolling'), 1_000_003, 7)).toBe(1_000_010);
    expect(resetsAtMs({ unit: 'requests', window: 'hour', max: 1, mode: 'enforce' }, 1_000_003, 7)).toBe(1_000_010);
  });
});
