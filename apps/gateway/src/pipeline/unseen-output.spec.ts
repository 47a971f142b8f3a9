import { describe, expect, it } from '@jest/globals';
import type { Admission } from './admit.ts';
import { outputBoundAt, unseenOutput } from './unseen-output.ts';

const target = (providerId: string) => ({ providerId, modelId: 'm', upstreamModel: 'u' });
const admission = (hard: boolean) =>
  ({
    expectation: { usage: { outputTokens: 100 } },
    answers: 2,
    most: hard ? { usage: { inputTokens: 1, outputTokens: 1000 }, costMicroUsd: null } : null,
    outputBounds: hard
      ? new Map([
          [target('a'), 300],
          [target('b'), 500],
        ])
      : null,
  }) as unknown as Admission;
const at = (providerId: string) => ({ providerId, modelId: 'm' });

describe('output that nobody saw', () => {
  it.each([
    ['a', 600],
    ['b', 1000],
    ['another', 1000],
  ])('is under a hard limit all that %s was allowed', (provider, tokens) =>
    expect(unseenOutput(admission(true), at(provider), 1)).toBe(tokens),
  );

  it.each([
    [-1, 0],
    [0, 0],
    [1, 1],
    [600, 30],
    [60_000, 100],
  ])('else goes by the time: %d ms are %d tokens', (milliseconds, tokens) =>
    expect(unseenOutput(admission(false), at('a'), milliseconds)).toBe(tokens),
  );

  it('has no bound where none was told', () => expect(outputBoundAt(admission(false), at('a'))).toBeNull());
});
