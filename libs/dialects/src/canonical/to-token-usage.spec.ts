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
      cacheWriteTokens: 27,
      longCacheWriteTokens: 7,
    });
  });

  it('takes what is absent for none', () => {
    expect(toTokenUsage({})).toEqual({ inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 });
  });

  it('tells audio and images apart, without what came from the cache', () => {
    const usage = {
      inputUncached: 60,
      cacheRead: 40,
      output: 50,
      reasoning: 5,
      audioInput: 30,
      audioCacheRead: 10,
      imageInput: 25,
      imageCacheRead: 25,
      audioOutput: 7,
      imageOutput: 8,
    };
    expect(toTokenUsage(usage)).toEqual({
      inputTokens: 100,
      outputTokens: 50,
      cachedInputTokens: 40,
      reasoningTokens: 5,
      audioInputTokens: 20,
      audioOutputTokens: 7,
      imageOutputTokens: 8,
    });
  });

  it('leaves out the kinds that are reported as none', () => {
    const usage = { inputUncached: 1, cacheWrite5m: 0, cacheWrite1h: 0, audioInput: 0, imageInput: 0, audioOutput: 0 };
    expect(Object.keys(toTokenUsage({ ...usage, imageOutput: 0 }))).toEqual([
      'inputTokens',
      'outputTokens',
      'cachedInputTokens',
      'reasoningTokens',
    ]);
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
        audioInput: count,
        audioOutput: count,
        imageInput: count,
        imageOutput: count,
        audioCacheRead: count,
        imageCacheRead: count,
      },
      { requiredKeys: [] },
    );
    const none = 0;
    fc.assert(
      fc.property(usage, (value) => {
        const tokens = TokenUsage.parse(toTokenUsage(value));
        const { cacheWriteTokens = none, audioInputTokens = none, imageInputTokens = none } = tokens;
        const { audioOutputTokens = none, imageOutputTokens = none } = tokens;
        expect(tokens.cachedInputTokens + cacheWriteTokens).toBeLessThanOrEqual(tokens.inputTokens);
        expect(tokens.longCacheWriteTokens ?? none).toBeLessThanOrEqual(cacheWriteTokens);
        expect(audioInputTokens + imageInputTokens).toBeLessThanOrEqual(tokens.inputTokens);
        expect(tokens.reasoningTokens).toBeLessThanOrEqual(tokens.outputTokens);
        expect(audioOutputTokens + imageOutputTokens).toBeLessThanOrEqual(tokens.outputTokens);
      }),
    );
  });
});
