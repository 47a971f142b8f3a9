import { describe, expect, it } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { AttemptTimes } from './attempt-times.ts';

describe('AttemptTimes', () => {
  it('counts the wait for an attempt once', async () => {
    const times = new AttemptTimes();
    expect(times.takeWait()).toBe(0);
    times.sent();
    await setTimeout(5);
    expect(times.takeWait()).toBeGreaterThan(0);
    expect(times.takeWait()).toBe(0);
    expect(times.workedMs).toBeGreaterThan(0);
  });

  it('counts what was generated unseen until it is taken, and only of an attempt at work', async () => {
    const times = new AttemptTimes();
    times.countUnseen();
    expect(times.unseen).toEqual({ usage: null, outputTokensSeen: 0, spent: false });
    times.sent();
    await setTimeout(5);
    times.countUnseen();
    times.ended();
    expect(times.workedMs).toBe(0);
    expect(times.unseen).toMatchObject({ spent: true, unseenMs: expect.any(Number) });
    expect(times.takeUnseen()).toBeGreaterThan(0);
    expect(times.takeUnseen()).toBeNull();
    expect(times.unseen.spent).toBe(false);
  });
});
