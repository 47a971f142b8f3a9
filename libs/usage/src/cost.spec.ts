import { describe, expect, it } from '@jest/globals';
import type { SnapshotPrice } from '@penstock/contracts';
import fc from 'fast-check';
import { costOf, priceAt } from './cost.ts';

const price = {
  inputPerMillion: 3_000_000,
  outputPerMillion: 15_000_000,
  cachedInputPerMillion: 300_000,
  reasoningPerMillion: 20_000_000,
};
const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };

const tokens = fc.integer({ min: 0, max: 1_000_000_000 });
const perMillion = fc.integer({ min: 0, max: 1_000_000_000_000 });
const usages = fc.record({
  inputTokens: tokens,
  outputTokens: tokens,
  cachedInputTokens: tokens,
  reasoningTokens: tokens,
});
const prices = fc.record({
  inputPerMillion: perMillion,
  outputPerMillion: perMillion,
  cachedInputPerMillion: perMillion,
  reasoningPerMillion: perMillion,
});

describe('the cost of a request', () => {
  it('prices cached input and reasoning on their own, as parts of input and output', () => {
    const all = { inputTokens: 1_000, outputTokens: 500, cachedInputTokens: 400, reasoningTokens: 100 };
    expect(costOf(all, price)).toBe(600 * 3 + 400 * 0.3 + 400 * 15 + 100 * 20);
  });

  it('is rounded once, half a micro-USD upwards', () => {
    const cheap = { ...price, inputPerMillion: 250_000, outputPerMillion: 250_000 };
    expect(costOf({ ...usage, inputTokens: 1 }, cheap)).toBe(0);
    expect(costOf({ ...usage, inputTokens: 1, outputTokens: 1 }, cheap)).toBe(1);
  });

  it('counts a part that is larger than its whole as the whole', () => {
    expect(costOf({ ...usage, inputTokens: 10, cachedInputTokens: 99 }, price)).toBe(3);
  });

  it('is a whole number, never negative, and grows with input, output and every price', () => {
    fc.assert(
      fc.property(usages, prices, tokens, (some, at, more) => {
        const cost = costOf(some, at);
        expect(Number.isSafeInteger(cost)).toBe(true);
        expect(cost).toBeGreaterThanOrEqual(0);
        expect(costOf({ ...some, inputTokens: some.inputTokens + more }, at)).toBeGreaterThanOrEqual(cost);
        expect(costOf({ ...some, outputTokens: some.outputTokens + more }, at)).toBeGreaterThanOrEqual(cost);
        for (const name of Object.keys(at) as (keyof typeof at)[]) {
          expect(costOf(some, { ...at, [name]: at[name] + more })).toBeGreaterThanOrEqual(cost);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the price at a time', () => {
  const at = (version: string, effectiveFrom: string | null): SnapshotPrice => ({ ...price, version, effectiveFrom });
  const all = [at('old', null), at('new', '2026-02-01T00:00:00Z'), at('newest', '2026-03-01T00:00:00Z')];

  it('is the last one whose time has come', () => {
    expect(priceAt(all, Date.parse('2026-01-31T23:59:59Z'))?.version).toBe('old');
    expect(priceAt(all, Date.parse('2026-02-01T00:00:00Z'))?.version).toBe('new');
    expect(priceAt(all, Date.parse('2027-01-01T00:00:00Z'))?.version).toBe('newest');
  });

  it('is unknown before the first one, and without any', () => {
    expect(priceAt(all.slice(1), 0)).toBeUndefined();
    expect(priceAt([], 0)).toBeUndefined();
  });
});
