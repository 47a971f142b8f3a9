import { describe, expect, it } from '@jest/globals';
import { KeyThrottle } from './key-throttle.ts';

const taken = (throttle: KeyThrottle, key: string, now: number, count: number): number => {
  let passed = 0;
  for (let index = 0; index < count; index += 1) {
    try {
      throttle.take(key, now);
      passed += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate_limit_exceeded', retryAfterMs: 1000 });
    }
  }
  return passed;
};

describe('KeyThrottle', () => {
  it('lets five through at once and five in each second, for each key', () => {
    const throttle = new KeyThrottle();
    expect([taken(throttle, 'a', 0, 9), taken(throttle, 'b', 0, 9)]).toEqual([5, 5]);
    expect([taken(throttle, 'a', 200, 9), taken(throttle, 'a', 1200, 9), taken(throttle, 'a', 60_000, 9)]).toEqual([
      1, 5, 5,
    ]);
  });

  it('forgets rather than grows', () => {
    const throttle = new KeyThrottle();
    taken(throttle, 'a', 0, 5);
    for (let index = 0; index < 10_000; index += 1) throttle.take(`k${index}`, 0);
    expect(taken(throttle, 'a', 0, 9)).toBe(5);
  });
});
