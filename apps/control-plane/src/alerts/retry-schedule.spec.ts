import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextAttemptAt } from './retry-schedule.ts';

describe('the retries of a delivery', () => {
  it('begin after ten seconds, take twice as long each time and end within a day', () => {
    let nowMs = 0;
    const waits: number[] = [];
    for (let attempts = 1; ; attempts += 1) {
      const next = nextAttemptAt({ attempts, firedAtMs: 0, nowMs }, 0.5);
      if (next === undefined) break;
      waits.push((next - nowMs) / 1000);
      nowMs = next;
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 20_480, 40_960]);
  });

  it('always end, and are never due before now or after a day', () => {
    const input = fc.record({ attempts: fc.integer({ min: 1, max: 1000 }), firedAtMs: fc.nat(), age: fc.nat() });
    fc.assert(
      fc.property(input, fc.double({ min: 0, max: 0.999, noNaN: true }), ({ attempts, firedAtMs, age }, random) => {
        const nowMs = firedAtMs + age;
        const next = nextAttemptAt({ attempts, firedAtMs, nowMs }, random);
        if (next === undefined) return;
        expect(attempts).toBeLessThanOrEqual(14);
        expect(next).toBeGreaterThanOrEqual(nowMs + 9_000);
        expect(next).toBeLessThanOrEqual(firedAtMs + 86_400_000);
      }),
    );
  });
});
