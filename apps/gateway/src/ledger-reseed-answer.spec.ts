import { describe, expect, it } from '@jest/globals';
import { LedgerReseedAnswer } from './ledger-reseed-answer.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function createAnswer() {
  const world = { now: 0, restores: [] as PromiseWithResolvers<void>[], answers: 0, faults: 0, holds: [] as string[] };
  const answer = new LedgerReseedAnswer({
    hold: () => void world.holds.push('hold'),
    release: () => void world.holds.push('release'),
    restore: () => {
      const restore = Promise.withResolvers<void>();
      world.restores.push(restore);
      return restore.promise;
    },
    onAnswer: () => (world.answers += 1),
    onFault: () => (world.faults += 1),
    now: () => world.now,
  });
  return { answer, world };
}

describe('the answer to a worker that writes ledgers back', () => {
  it('comes when everything is held again, with the time at which the attempt was first heard of', async () => {
    const { answer, world } = createAnswer();
    for (world.now = 5; world.now < 9; world.now += 1) answer.hear('one');
    expect(world.restores).toHaveLength(1);
    expect(answer.answer).toBeNull();
    world.restores[0]?.resolve();
    await turn();
    expect(answer.answer).toEqual({ token: 'one', heardAtMs: 5 });
    answer.hear('one');
    expect([world.restores.length, world.answers]).toEqual([1, 1]);
  });

  it('is tried again after a failure', async () => {
    const { answer, world } = createAnswer();
    answer.hear('one');
    world.restores[0]?.reject(new Error('Redis is gone'));
    await turn();
    expect([answer.answer, world.faults]).toEqual([null, 1]);
    world.now = 3;
    answer.hear('one');
    world.restores[1]?.resolve();
    await turn();
    expect(answer.answer).toEqual({ token: 'one', heardAtMs: 0 });
  });

  it('to a new attempt needs a restoration that began after it was heard of', async () => {
    const { answer, world } = createAnswer();
    answer.hear('one');
    world.now = 2;
    answer.hear('two');
    world.restores[0]?.resolve();
    await turn();
    expect(answer.answer?.token).toBe('one');
    answer.hear('two');
    world.restores[1]?.resolve();
    await turn();
    expect(answer.answer).toEqual({ token: 'two', heardAtMs: 2 });
  });

  it('comes while what ends is held back, from the moment on that it tells of until the attempt is over', async () => {
    const { answer, world } = createAnswer();
    answer.hear('arrival-one');
    answer.hear('arrival-one');
    world.restores[0]?.resolve();
    await turn();
    expect(answer.answer?.token).toBe('arrival-one');
    expect(world.holds).toEqual(['release']);
    for (const token of ['one', 'one', 'two', null, null]) answer.hear(token);
    expect(world.holds.slice(1)).toEqual(['hold', 'hold', 'release']);
  });

  it('holds nothing back where no attempt was heard of', () => {
    const { answer, world } = createAnswer();
    answer.hear(null);
    expect(world.holds).toEqual([]);
  });
});
