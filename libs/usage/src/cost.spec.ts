import { describe, expect, it } from '@jest/globals';
import type { SnapshotPrice } from '@penstock/contracts';
import fc from 'fast-check';
import { costOf, priceAt } from './cost.ts';
import { priceParts } from './pricing/price-parts.ts';

const price = {
  inputPerMillion: 3_000_000,
  outputPerMillion: 15_000_000,
  cachedInputPerMillion: 300_000,
  reasoningPerMillion: 20_000_000,
};
const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };

const tokens = fc.integer({ min: 0, max: 1_000_000_000 });
const perMillion = fc.integer({ min: 0, max: 1_000_000_000_000 });
const usages = fc.record(
  {
    inputTokens: tokens,
    outputTokens: tokens,
    cachedInputTokens: tokens,
    reasoningTokens: tokens,
    cacheWriteTokens: tokens,
    longCacheWriteTokens: tokens,
    audioInputTokens: tokens,
    audioOutputTokens: tokens,
    imageInputTokens: tokens,
    imageOutputTokens: tokens,
  },
  { requiredKeys: ['inputTokens', 'outputTokens', 'cachedInputTokens', 'reasoningTokens'] },
);
const prices = fc.record(
  {
    inputPerMillion: perMillion,
    outputPerMillion: perMillion,
    cachedInputPerMillion: perMillion,
    reasoningPerMillion: perMillion,
    cacheWritePerMillion: perMillion,
    longCacheWritePerMillion: perMillion,
    audioInputPerMillion: perMillion,
    audioOutputPerMillion: perMillion,
    imageInputPerMillion: perMillion,
    imageOutputPerMillion: perMillion,
  },
  { requiredKeys: ['inputPerMillion', 'outputPerMillion'] },
);

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

  it('prices every kind on its own, and each token once', () => {
    const all = {
      inputTokens: 1_000,
      outputTokens: 500,
      cachedInputTokens: 100,
      reasoningTokens: 50,
      cacheWriteTokens: 200,
      longCacheWriteTokens: 80,
      audioInputTokens: 300,
      audioOutputTokens: 60,
      imageInputTokens: 70,
      imageOutputTokens: 40,
    };
    const at = {
      inputPerMillion: 1_000_000,
      outputPerMillion: 2_000_000,
      cachedInputPerMillion: 3_000_000,
      reasoningPerMillion: 4_000_000,
      cacheWritePerMillion: 5_000_000,
      longCacheWritePerMillion: 6_000_000,
      audioInputPerMillion: 7_000_000,
      audioOutputPerMillion: 8_000_000,
      imageInputPerMillion: 9_000_000,
      imageOutputPerMillion: 10_000_000,
    };
    const input = 330 * 1 + 100 * 3 + 120 * 5 + 80 * 6 + 300 * 7 + 70 * 9;
    const output = 350 * 2 + 50 * 4 + 60 * 8 + 40 * 10;
    expect(costOf(all, at)).toBe(input + output);
    expect(costOf(all, { inputPerMillion: 1_000_000, outputPerMillion: 2_000_000 })).toBe(1_000 * 1 + 500 * 2);
    expect(costOf(all, { ...at, longCacheWritePerMillion: undefined })).toBe(input + output - 80 * (6 - 5));
  });

  it('prices audio from the cache as what the cache holds', () => {
    const cachedAudio = { ...usage, inputTokens: 100, cachedInputTokens: 100, audioInputTokens: 100 };
    expect(costOf(cachedAudio, { ...price, audioInputPerMillion: 40_000_000 })).toBe(30);
  });

  it('is that of the tier with the largest bound below the input, for all of the request', () => {
    const tiered = {
      ...price,
      tiers: [
        { aboveInputTokens: 200, inputPerMillion: 6_000_000, outputPerMillion: 22_000_000 },
        {
          aboveInputTokens: 500,
          inputPerMillion: 9_000_000,
          outputPerMillion: 30_000_000,
          audioInputPerMillion: 50_000_000,
        },
      ],
    };
    const at = (inputTokens: number) =>
      costOf({ ...usage, inputTokens, outputTokens: 10, cachedInputTokens: 100 }, tiered);
    expect(at(200)).toBe(100 * 3 + 100 * 0.3 + 10 * 15);
    expect(at(201)).toBe(201 * 6 + 10 * 22);
    expect(at(500)).toBe(500 * 6 + 10 * 22);
    expect(at(501)).toBe(501 * 9 + 10 * 30);
    expect(costOf({ ...usage, inputTokens: 600, audioInputTokens: 100 }, tiered)).toBe(500 * 9 + 100 * 50);
  });

  it('is exact, however large it gets', () => {
    const huge = { ...usage, inputTokens: 999_999_999, outputTokens: 1, imageOutputTokens: 1 };
    const dear = { inputPerMillion: 999_999_999_999, outputPerMillion: 1, imageOutputPerMillion: 500_001 };
    const exact = (999_999_999n * 999_999_999_999n + 500_001n + 500_000n) / 1_000_000n;
    expect(costOf(huge, dear)).toBe(Number(exact));
    expect(costOf({ ...huge, imageOutputTokens: 0 }, dear)).toBe(
      Number((999_999_999n * 999_999_999_999n + 500_001n) / 1_000_000n),
    );
  });

  it('is the exact sum, rounded once, whichever way it is computed', () => {
    fc.assert(
      fc.property(usages, prices, (some, at) => {
        const total = priceParts(some, at).reduce(
          (sum, part) => sum + BigInt(part.tokens) * BigInt(part.perMillion),
          0n,
        );
        expect(costOf(some, at)).toBe(Number((total + 500_000n) / 1_000_000n));
      }),
      { numRuns: 1_000 },
    );
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
          expect(costOf(some, { ...at, [name]: (at[name] ?? 0) + more })).toBeGreaterThanOrEqual(cost);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('counts every token of the request once', () => {
    fc.assert(
      fc.property(usages, prices, (some, at) => {
        const parts = priceParts(some, at);
        expect(parts.every((part) => part.tokens >= 0)).toBe(true);
        expect(parts.reduce((sum, part) => sum + part.tokens, 0)).toBe(some.inputTokens + some.outputTokens);
      }),
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
