import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenRatio } from './token-ratio.ts';

describe('TokenRatio', () => {
  it('begins with 3.5 bytes to a token', () => {
    const ratio = new TokenRatio();
    expect([ratio.bytesPerToken, ratio.estimate(7), ratio.estimate(8), ratio.estimate(0)]).toEqual([3.5, 2, 3, 0]);
  });

  it('comes near to what a model reports', () => {
    const ratio = new TokenRatio();
    for (let index = 0; index < 100; index += 1) ratio.learn(5000, 1000);
    expect(ratio.bytesPerToken).toBeCloseTo(5, 1);
  });

  it('learns nothing from media and from bodies of few tokens', () => {
    const ratio = new TokenRatio();
    ratio.learn(1_000_000, 1600);
    ratio.learn(60, 15);
    expect(ratio.bytesPerToken).toBe(3.5);
  });

  it('stays from 1 to 8 whatever is reported', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40_000_000), fc.nat(1_000_000_000))), (samples) => {
        const ratio = new TokenRatio();
        for (const [bytes, tokens] of samples) ratio.learn(bytes, tokens);
        expect(ratio.bytesPerToken).toBeGreaterThanOrEqual(1);
        expect(ratio.bytesPerToken).toBeLessThanOrEqual(8);
      }),
    );
  });
});
