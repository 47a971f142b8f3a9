import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { currentWindow } from './usage-window.ts';

const at = (text: string) => Date.parse(text);

describe('currentWindow', () => {
  it.each([
    ['day', 'UTC', '2026-11-21T16:00:00Z', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['day', 'Asia/Kathmandu', '2026-11-21T18:20:00Z', '2026-11-21T18:15:00.000Z', '2026-11-22T18:15:00.000Z'],
    // 25 hours.
    ['day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    // Midnight does not exist.
    ['day', 'America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
    ['month', 'Europe/Berlin', '2026-03-31T22:30:00Z', '2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z'],
  ] as const)('is the %s in %s at %s', (...[window, timeZone, now, from, to]) =>
    expect(currentWindow(window, timeZone, at(now))).toEqual({ from, to }),
  );

  it('holds its time, and windows follow upon each other', () => {
    const zone = fc.constantFrom('UTC', 'Pacific/Apia', 'Australia/Lord_Howe', 'America/New_York', 'Asia/Kathmandu');
    const time = fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') });
    fc.assert(
      fc.property(fc.constantFrom('day' as const, 'month' as const), zone, time, (window, timeZone, nowMs) => {
        const { from, to } = currentWindow(window, timeZone, nowMs);
        expect(at(from)).toBeLessThanOrEqual(nowMs);
        expect(nowMs).toBeLessThan(at(to));
        expect(currentWindow(window, timeZone, at(to)).from).toBe(to);
      }),
    );
  });
});
