import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { estimateTokens, maxTokens } from './estimate-tokens.ts';

describe('the estimate of tokens', () => {
  it('is a token for three and a half bytes, rounded up', () => {
    expect([0, 1, 3.5, 7, 8].map(estimateTokens)).toEqual([0, 1, 1, 2, 3]);
  });

  it('never exceeds the upper bound of a token for each byte', () => {
    fc.assert(fc.property(fc.nat(), (bytes) => estimateTokens(bytes) <= maxTokens(bytes)));
  });
});
