import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Backoff } from './backoff.ts';
import { WorkQueue } from './work-queue.ts';

const quick = new Backoff(1, 4, () => 0);

function queueOf(work: (key: string) => Promise<void>, concurrency = 2) {
  const failures: string[] = [];
  const onFailure = (key: string, error: unknown, ms: number): void =>
    void failures.push(`${key} ${(error as Error).message} ${ms}`);
  return { queue: new WorkQueue({ work, concurrency, backoff: quick, onFailure }), failures };
}

async function untilIdle(queue: WorkQueue): Promise<void> {
  while (queue.length + queue.running + queue.retrying > 0) await delay(1);
}

describe('WorkQueue', () => {
  it('works on a key once that was added many times, and once more when it was added meanwhile', async () => {
    const worked: string[] = [];
    const { queue } = queueOf(async (key) => {
      worked.push(key);
      if (worked.length === 1) queue.add('a');
      await delay(2);
    }, 1);
    for (const key of ['a', 'b', 'b', 'b']) queue.add(key);
    await untilIdle(queue);
    expect(worked).toEqual(['a', 'b', 'a']);
  });

  it('tries again what failed, later each time, until it succeeds', async () => {
    let attempts = 0;
    const { queue, failures } = queueOf(async () => {
      attempts += 1;
      if (attempts < 5) throw new Error(`no ${attempts}`);
    });
    queue.add('a');
    await untilIdle(queue);
    expect(failures).toEqual(['a no 1 1', 'a no 2 2', 'a no 3 4', 'a no 4 4']);
  });

  it('never works on one key twice at once, nor on more keys than it may, and loses none', async () => {
    const scenario = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(scenario, fc.integer({ min: 1, max: 3 }), async (keys, concurrency) => {
        const running = new Set<string>();
        const worked = new Set<string>();
        const { queue } = queueOf(async (key) => {
          expect(running.has(key)).toBe(false);
          running.add(key);
          expect(running.size).toBeLessThanOrEqual(concurrency);
          await delay(0);
          running.delete(key);
          worked.add(key);
        }, concurrency);
        for (const key of keys) queue.add(key);
        await untilIdle(queue);
        expect(worked).toEqual(new Set(keys));
      }),
      { numRuns: 30 },
    );
  });

  it('stops when what it works on is done, and takes nothing more', async () => {
    let done = 0;
    const { queue } = queueOf(async () => {
      await delay(5);
      done += 1;
    }, 1);
    queue.add('a');
    queue.add('b');
    await queue.stop();
    queue.add('c');
    expect([done, queue.length]).toEqual([1, 0]);
  });
});

describe('Backoff', () => {
  it('doubles up to its bound, and never goes beyond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const delayMs = new Backoff(100, 5_000, () => random).delay(failures);
          const full = Math.min(100 * 2 ** (failures - 1), 5_000);
          expect(delayMs).toBeLessThanOrEqual(full);
          expect(delayMs).toBeGreaterThanOrEqual(full * 0.8 - 1);
        },
      ),
    );
  });
});
