import { describe, expect, it } from '@jest/globals';
import type { Limit, SnapshotPrice } from '@penstock/contracts';
import type { LimitStatus } from '../rate-limiter.ts';
import { costOf } from '@penstock/usage';
import fc from 'fast-check';
import { amountOf } from './estimate-charges.ts';
import { shrinkOutput } from './shrink-output.ts';
import { UpperBound, type UpperBoundTerms } from './upper-bound.ts';
import { worstPrice } from './worst-price.ts';

const price = (fields: Partial<SnapshotPrice> = {}): SnapshotPrice => ({
  version: 'v',
  inputPerMillion: 1_000_000,
  outputPerMillion: 2_000_000,
  effectiveFrom: null,
  ...fields,
});
type Terms = Partial<UpperBoundTerms> & { outputBound?: number; prices?: readonly (SnapshotPrice | undefined)[] };
const bound = ({ outputBound = 50, prices = [price()], ...terms }: Terms = {}) =>
  new UpperBound({
    bytes: 100,
    referenced: 0,
    hasTools: false,
    answers: 1,
    candidates: prices.map((own) => ({ outputBound, price: own })),
    leastOutput: 16,
    ...terms,
  });

describe('UpperBound', () => {
  it('takes a token for each byte, and what templates, tools and references add', () => {
    expect(bound().inputTokens).toBe(164);
    expect(bound({ hasTools: true, referenced: 1000 }).inputTokens).toBe(100 + 64 + 1024 + 1000);
  });

  it('takes the longest answer, for each answer, at the highest cost of any candidate', () => {
    const { usage, costMicroUsd } = bound({
      answers: 3,
      candidates: [
        { outputBound: 70, price: price() },
        { outputBound: 50, price: price({ inputPerMillion: 0, outputPerMillion: 10_000_000 }) },
        { outputBound: 60, price: undefined },
      ],
    }).consumption();
    expect([usage, costMicroUsd]).toEqual([{ inputTokens: 164, outputTokens: 210 }, 1500]);
  });

  it('knows no cost where no candidate has a price', () =>
    expect(bound({ prices: [undefined] }).consumption().costMicroUsd).toBeNull());

  it('counts every kind of token and every tier that can be reached', () => {
    const tiers = [
      { aboveInputTokens: 100, inputPerMillion: 5, outputPerMillion: 6 },
      { aboveInputTokens: 1000, inputPerMillion: 50, outputPerMillion: 60 },
    ];
    const fields = {
      inputPerMillion: 1,
      outputPerMillion: 2,
      longCacheWritePerMillion: 4,
      audioOutputPerMillion: 9,
      tiers,
    };
    expect(worstPrice(price(fields), 100)).toEqual({ input: 4, output: 9 });
    expect(worstPrice(price(fields), 101)).toEqual({ input: 5, output: 9 });
    expect(worstPrice(price(fields), 1001)).toEqual({ input: 50, output: 60 });
  });

  it('is never less than what is used within it, whatever kinds of tokens these are', () => {
    const perMillion = fc.nat(1_000_000_000);
    const optional = fc.option(perMillion, { nil: undefined });
    const prices = fc.record({
      input: perMillion,
      output: perMillion,
      cached: optional,
      write: optional,
      reasoning: optional,
    });
    const used = fc.record({
      bytes: fc.nat(100_000),
      output: fc.nat(100_000),
      answers: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(
        prices,
        used,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, { bytes, output, answers }, share) => {
          const own = price({
            inputPerMillion: given.input,
            outputPerMillion: given.output,
            ...(given.cached !== undefined && { cachedInputPerMillion: given.cached }),
            ...(given.write !== undefined && { cacheWritePerMillion: given.write }),
            ...(given.reasoning !== undefined && { reasoningPerMillion: given.reasoning }),
          });
          const most = bound({ bytes, answers, outputBound: output, prices: [own] }).consumption();
          const inputTokens = bytes;
          const outputTokens = output * answers;
          const cachedInputTokens = Math.floor(inputTokens * share);
          const reasoningTokens = Math.floor(outputTokens * share);
          const cost = costOf({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }, own);
          expect(cost).toBeLessThanOrEqual(most.costMicroUsd ?? -1);
        },
      ),
    );
  });
});

const applicable = (limit: Partial<Limit>) => ({
  organizationId: 'o',
  subject: 'key:k',
  id: `${limit.unit}`,
  quota: 'q',
  limit: { unit: 'cost' as const, window: 'month' as const, max: 1000, mode: 'enforce' as const, ...limit },
});
const exceeded = (limit: Partial<Limit>, remaining: number): LimitStatus => ({
  applicable: applicable(limit),
  remaining,
  resetAfterMs: 1,
  exceeded: true,
});
const denial = (...statuses: readonly [LimitStatus, ...LimitStatus[]]) =>
  ({ allowed: false, exceeded: statuses[0], retryAfterMs: 1, unavailable: false, statuses }) as const;

describe('shrinkOutput', () => {
  it('finds the longest answer that fits into what is left', () => {
    // 164 tokens of input cost as many micro-USD, one is kept for rounding, and a token of output costs two.
    expect(shrinkOutput(denial(exceeded({}, 164 + 1 + 40)), bound())).toBe(20);
    expect(shrinkOutput(denial(exceeded({ unit: 'tokens', estimate: 'hard' }, 164 + 30)), bound())).toBe(30);
    expect(shrinkOutput(denial(exceeded({ unit: 'output-tokens', estimate: 'hard' }, 45)), bound({ answers: 2 }))).toBe(
      22,
    );
  });

  it('leaves it to a candidate that cannot give so much, however dear it is', () => {
    const candidates = [
      { outputBound: 1000, price: price() },
      { outputBound: 2, price: price({ outputPerMillion: 100_000_000 }) },
    ];
    // The dear one takes 164 + 200 at most.
    expect(shrinkOutput(denial(exceeded({}, 400)), bound({ candidates }))).toBe(117);
  });

  it('gives up where no answer fits, or something else denies', () => {
    expect(shrinkOutput(denial(exceeded({}, 164 + 1 + 30)), bound())).toBeNull();
    expect(shrinkOutput(denial(exceeded({}, 100)), bound())).toBeNull();
    expect(shrinkOutput(denial(exceeded({ unit: 'tokens' }, 500)), bound())).toBeNull();
    expect(shrinkOutput(denial(exceeded({}, 400), exceeded({ unit: 'requests' }, 0)), bound())).toBeNull();
    expect(shrinkOutput(denial(exceeded({}, 164 + 41)), bound({ leastOutput: 21 }))).toBeNull();
  });

  it('does not mind limits in shadow mode', () => {
    const shadow = exceeded({ unit: 'requests', mode: 'shadow' }, 0);
    expect(shrinkOutput(denial(exceeded({}, 205), shadow), bound())).toBe(20);
  });

  it('always fits into what is left', () => {
    const amounts = { bytes: fc.nat(1000), left: fc.nat(100_000), answers: fc.integer({ min: 1, max: 5 }) };
    const prices = fc.array(fc.tuple(fc.nat(100_000_000), fc.nat(100_000_000)), { minLength: 1, maxLength: 3 });
    const unit = fc.constantFrom('cost' as const, 'tokens' as const, 'output-tokens' as const);
    fc.assert(
      fc.property(fc.record(amounts), prices, unit, ({ bytes, left, answers }, perMillion, counted) => {
        const most = bound({
          bytes,
          answers,
          outputBound: 10_000,
          prices: perMillion.map(([inputPerMillion, outputPerMillion]) => price({ inputPerMillion, outputPerMillion })),
        });
        const shorter = shrinkOutput(denial(exceeded({ unit: counted, estimate: 'hard' }, left)), most);
        if (shorter !== null) expect(amountOf(counted, most.consumption(shorter))).toBeLessThanOrEqual(left);
      }),
    );
  });
});
