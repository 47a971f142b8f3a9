import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { applicableLimit } from './limiter-conformance.ts';
import { PledgeBook, type PledgeStore } from './pledge-book.ts';
import type { ApplicableLimit } from './rate-limiter.ts';

/** A book over a store that gives everything, and what is held in it. */
function bookOf(maxLedgers: number) {
  let nowMs = Date.UTC(2026, 0, 14, 12);
  const held = new Map<string, ApplicableLimit>();
  const asked: string[] = [];
  const store: PledgeStore = {
    usable: () => true,
    take: async (id, { applicable, amount }) => {
      held.set(id, applicable);
      asked.push(applicable.subject);
      return { taken: true, status: { applicable, remaining: 100 * amount, resetAfterMs: 3_600_000 } };
    },
    renew: async (id) => held.has(id),
    settle: async (id) => void held.delete(id),
  };
  const book = new PledgeBook({ store, clock: { now: () => nowMs }, leaseMs: 60_000, maxLedgers });
  const use = async (...limits: ApplicableLimit[]): Promise<void> => {
    book.noteUse(
      limits.map((applicable) => ({ applicable, remaining: 1_000_000, resetAfterMs: 3_600_000 })),
      nowMs,
    );
    await jest.advanceTimersByTimeAsync(60);
  };
  const subjects = (): string[] => [...held.values()].map(({ subject }) => subject);
  const wait = async (ms: number): Promise<void> => {
    nowMs += ms;
    await jest.advanceTimersByTimeAsync(ms);
  };
  return { book, use, wait, subjects, held, asked };
}

const budget = (): ApplicableLimit => applicableLimit({ unit: 'cost', window: 'day', max: 1_000_000 });

describe('the book of pledges', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['performance'] }));
  afterEach(() => void jest.useRealTimers());

  it('holds no more ledgers than it may: the one that was not used for longest has to go', async () => {
    const { book, use, wait, subjects } = bookOf(2);
    const [first, second, third, fourth] = [budget(), budget(), budget(), budget()];
    await use(first);
    await wait(10);
    await use(second);
    await wait(10);
    await use(first);
    await use(third);
    expect(subjects()).toEqual([first.subject, third.subject]);
    await use(fourth); // too soon for another search
    expect(subjects()).toEqual([first.subject, third.subject]);
    await wait(1_000);
    await use(third);
    await use(fourth);
    expect(subjects()).toEqual([third.subject, fourth.subject]);
    await book.close();
  });

  it('pledges only what is spent while Redis is lost', async () => {
    const { book, use, subjects } = bookOf(10);
    const cost = { unit: 'cost', window: 'day', max: 1_000_000 } as const;
    await use(
      applicableLimit({ unit: 'tokens', window: 'day', max: 1_000_000 }),
      applicableLimit({ ...cost, mode: 'shadow' }),
      applicableLimit({ ...cost, onUnavailable: 'deny' }),
      applicableLimit({ ...cost, onUnavailable: 'allow' }),
    );
    expect(subjects()).toEqual([]);
    await book.close();
  });

  it('spends a pledge only in the window in which it is counted', async () => {
    const { book, use, held } = bookOf(10);
    const applicable = budget();
    await use(applicable);
    expect(held.size).toBe(1);
    const startMs = Date.UTC(2026, 0, 14, 12);
    expect(book.hold({ applicable, amount: 1 }, startMs + 3_600_000)).toBeUndefined();
    const pledge = book.hold({ applicable, amount: 1 }, startMs + 3_599_999);
    expect(pledge?.amount).toBe(10_000);
    await book.close();
  });

  it('takes a new one for one that Redis does not hold any more, and for one that has grown too large', async () => {
    const { book, use, wait, held, asked } = bookOf(10);
    const applicable = budget();
    await use(applicable);
    held.clear();
    await wait(20_000);
    expect(asked).toHaveLength(2);
    await wait(20_000);
    expect(asked).toHaveLength(2);
    book.noteUse([{ applicable, remaining: 100_000, resetAfterMs: 3_600_000 }], Date.UTC(2026, 0, 14, 12, 0, 40));
    await wait(20_000);
    expect(asked).toHaveLength(3);
    expect(held.size).toBe(1);
    await book.close();
    expect(held.size).toBe(0);
  });
});
