import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.ts';

describe('a circuit breaker', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function breakerWith(probe: () => Promise<unknown>, random = Math.random) {
    const changes: boolean[] = [];
    const breaker = new CircuitBreaker({ threshold: 5, probe, onChange: (open) => changes.push(open), random });
    return { breaker, changes };
  }
  const fail = (breaker: CircuitBreaker, times: number): void => {
    for (let time = 0; time < times; time += 1) breaker.failed();
  };

  it('opens after five failures in a row, and closes with the first probe that succeeds', async () => {
    let well = false;
    const { breaker, changes } = breakerWith(() => (well ? Promise.resolve() : Promise.reject(new Error('lost'))));
    fail(breaker, 4);
    breaker.succeeded();
    fail(breaker, 4);
    expect(breaker.open).toBe(false);
    fail(breaker, 3);
    expect(changes).toEqual([true]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(breaker.open).toBe(true);
    well = true;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(changes).toEqual([true, false]);
    fail(breaker, 4);
    expect(breaker.open).toBe(false);
    breaker.stop();
  });

  it('spreads the probes of many processes, and asks less and less often', async () => {
    const startedAt = Date.now();
    const first: number[] = [];
    let probes = 0;
    const breakers = Array.from({ length: 200 }, () => {
      let probed = false;
      const { breaker } = breakerWith(() => {
        if (!probed) first.push(Date.now() - startedAt);
        probed = true;
        probes += 1;
        return Promise.reject(new Error('lost'));
      });
      fail(breaker, 5);
      return breaker;
    });
    await jest.advanceTimersByTimeAsync(500);
    expect(first).toHaveLength(200);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(125);
    expect(Math.max(...first)).toBeLessThanOrEqual(375);
    for (let fromMs = 125; fromMs < 375; fromMs += 25) {
      expect(first.filter((ms) => ms >= fromMs && ms < fromMs + 25).length).toBeLessThan(50);
    }
    await jest.advanceTimersByTimeAsync(30_000);
    const before = probes;
    await jest.advanceTimersByTimeAsync(30_000);
    expect((probes - before) / 200).toBeLessThanOrEqual(30);
    for (const breaker of breakers) breaker.stop();
  });
});
