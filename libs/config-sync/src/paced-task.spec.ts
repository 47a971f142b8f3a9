import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PacedTask } from './paced-task.ts';

describe('a paced task', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const clock = { now: () => Date.now() };

  /** A task that takes some time, counted. */
  function timed(tookMs: number) {
    const startedAt: number[] = [];
    let running = 0;
    let together = 0;
    const task = new PacedTask(async () => {
      startedAt.push(Date.now());
      running += 1;
      together = Math.max(together, running);
      await new Promise((resolve) => setTimeout(resolve, tookMs));
      running -= 1;
    }, clock);
    return { task, startedAt, together: () => together };
  }

  it('runs at once when it is asked for after a rest', () => {
    const { task, startedAt } = timed(10);
    task.request();
    expect(startedAt).toHaveLength(1);
  });

  it('answers requests during a run by one more run', async () => {
    const { task, startedAt, together } = timed(10);
    for (let index = 0; index < 50; index += 1) task.request();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(startedAt).toHaveLength(2);
    expect(together()).toBe(1);
  });

  it('takes a tenth of the time in a storm, and runs at least every second', async () => {
    for (const [tookMs, atLeast, atMost] of [
      [1, 150, 200],
      [20, 45, 55],
      [500, 6, 8],
    ] as const) {
      const { task, startedAt, together } = timed(tookMs);
      const storm = setInterval(() => task.request(), 1);
      await jest.advanceTimersByTimeAsync(10_000);
      clearInterval(storm);
      task.stop();
      expect(startedAt.length).toBeGreaterThanOrEqual(atLeast);
      expect(startedAt.length).toBeLessThanOrEqual(atMost);
      expect(together()).toBe(1);
      await jest.advanceTimersByTimeAsync(2_000);
    }
  });

  it('never runs again once it is stopped', async () => {
    const { task, startedAt } = timed(10);
    task.request();
    task.request();
    task.stop();
    task.request();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(startedAt).toHaveLength(1);
  });
});
