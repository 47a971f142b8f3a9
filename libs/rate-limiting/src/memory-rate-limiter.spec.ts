import { describe, expect, it } from '@jest/globals';
import { applicableLimit, CONFORMANCE_LEASE_MS, describeRateLimiter } from './limiter-conformance.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';

/** Mid-month, mid-week and mid-day, so that no calendar window ends during a test. */
const MIDDLE_MS = Date.UTC(2026, 0, 14, 12);

function harness(share = 1) {
  let nowMs = MIDDLE_MS;
  const limiter = new MemoryRateLimiter({
    clock: { now: () => nowMs },
    share: () => share,
    leaseMs: CONFORMANCE_LEASE_MS,
  });
  const advance = async (ms: number): Promise<void> => {
    nowMs += ms;
  };
  return { limiter, advance, close: () => limiter.close() };
}

describeRateLimiter('MemoryRateLimiter', () => harness());

describe('a memory limiter with a share', () => {
  const admitted = async (limit: Parameters<typeof applicableLimit>[0], share: number): Promise<number> => {
    const { limiter } = harness(share);
    const applicable = applicableLimit(limit);
    const decisions = await Promise.all(Array.from({ length: 50 }, () => limiter.reserve([{ applicable, amount: 1 }])));
    return decisions.filter(({ allowed }) => allowed).length;
  };

  it('admits its part of a rate, of a ledger and of concurrency', async () => {
    expect(await admitted({ unit: 'requests', window: 'minute', max: 40 }, 1 / 4)).toBe(10);
    expect(await admitted({ unit: 'requests', window: 'day', max: 40 }, 1 / 4)).toBe(10);
    expect(await admitted({ unit: 'concurrency', max: 10 }, 1 / 4)).toBe(3);
  });

  it('leaves at least one', async () => {
    expect(await admitted({ unit: 'requests', window: 'minute', max: 2 }, 1 / 8)).toBe(1);
    expect(await admitted({ unit: 'concurrency', max: 1 }, 1 / 8)).toBe(1);
  });

  it('does not say "never" of what fits the whole limit', async () => {
    const { limiter } = harness(1 / 4);
    const applicable = applicableLimit({ unit: 'tokens', window: 'minute', max: 100 });
    expect(await limiter.reserve([{ applicable, amount: 90 }])).toMatchObject({ allowed: false, retryAfterMs: 1_000 });
    expect(await limiter.reserve([{ applicable, amount: 101 }])).toMatchObject({ allowed: false, retryAfterMs: null });
  });

  it('drains with its part of the rate', async () => {
    const { limiter, advance } = harness(1 / 3);
    const charges = [{ applicable: applicableLimit({ unit: 'requests', window: 'minute', max: 10 }), amount: 1 }];
    for (let unit = 0; unit < 3; unit += 1) expect((await limiter.reserve(charges)).allowed).toBe(true);
    await advance(18_000);
    expect((await limiter.reserve(charges)).allowed).toBe(true);
    expect((await limiter.reserve(charges)).allowed).toBe(false);
  });
});

describe('a ledger', () => {
  it('begins anew with its window, and a settlement of the old window does not touch it', async () => {
    const { limiter, advance } = harness();
    const applicable = applicableLimit({ unit: 'tokens', window: 'day', max: 100 });
    const charges = [{ applicable, amount: 100 }];
    const old = await limiter.reserve(charges);
    expect(await limiter.reserve(charges)).toMatchObject({ allowed: false, retryAfterMs: 1_000 });
    await advance(12 * 3_600_000);
    expect((await limiter.reserve([{ applicable, amount: 40 }])).allowed).toBe(true);
    if (old.allowed) await limiter.settle(old.reservation, () => 99);
    expect((await limiter.reserve([{ applicable, amount: 60 }])).allowed).toBe(true);
  });
});

describe('a memory limiter of keys that callers choose', () => {
  it('C advanced-ratelimit: forgets the oldest of too many', async () => {
    const { limiter } = harness();
    const limit = applicableLimit({ unit: 'requests', window: 'day', max: 1 });
    const ask = async (name: string) =>
      (await limiter.reserve([{ applicable: { ...limit, subject: `${limit.subject}${name}` }, amount: 1 }])).allowed;
    expect([await ask('/by:first'), await ask('/by:first'), await ask('/stays')]).toEqual([true, false, true]);
    for (let count = 0; count < 50_000; count += 1) await ask(`/by:${count}`);
    expect([await ask('/by:first'), await ask('/by:49999'), await ask('/stays')]).toEqual([true, false, false]);
  });
});
