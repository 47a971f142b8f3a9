import { describe, expect, it } from '@jest/globals';
import { runAtOnce, runGradually } from './run-gradually.ts';

function* work(steps: number, stepMs: number): Generator<void, string> {
  for (let step = 0; step < steps; step += 1) {
    yield;
    const until = performance.now() + stepMs;
    while (performance.now() < until);
  }
  return 'done';
}

describe('steps that are run gradually', () => {
  it('come to the same, and let others run between them', async () => {
    expect(runAtOnce(work(3, 0))).toBe('done');
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    expect(await runGradually(work(20, 3))).toBe('done');
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
  });

  it('reject with what a step throws', async () => {
    const failing = (function* (): Generator<void, never> {
      yield;
      throw new Error('broken');
    })();
    await expect(runGradually(failing)).rejects.toThrow('broken');
  });
});
