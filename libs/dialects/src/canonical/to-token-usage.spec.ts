import { describe, expect, it } from '@jest/globals';
import { TokenUsage } from '@penstock/contracts';
import fc from 'fast-check';
import { toTokenUsage } from './to-token-usage.ts';

describe('toTokenUsage', () => {
  it('counts the whole input, cached or not', () => {
    const usage = { inputUncached: 10, cacheRead: 100, cacheWrite5m: 20, cacheWrite1h: 7, output: 5, reasoning: 2 };
    expect(toTokenUsage(usage)).toEqual({
      inputTokens: 137,
      outputTokens: 5,
      cachedInputTokens: 100,
      reasoningTokens: 2,
    });
  });

  it('takes what is absent for none', () => {
    expect(toTokenUsage({})).toEqual({ inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 });
  });

  it('gives a usage event whatever a vendor reports', () => {
    const count = fc.oneof(fc.double(), fc.integer());
    const usage = fc.record(
      {
        inputUncached: count,
        cacheRead: count,
        cacheWrite5m: count,
        cacheWrite1h: count,
        output: count,
        reasoning: count,
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(usage, (value) => expect(TokenUsage.safeParse(toTokenUsage(value)).success).toBe(true)));
  });
});
