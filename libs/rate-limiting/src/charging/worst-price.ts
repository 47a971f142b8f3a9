import type { SnapshotPrice, TokenPrices } from '@penstock/contracts';

/** Micro-USD for a million tokens, whatever kind of token they turn out to be. */
export interface WorstPrice {
  readonly input: number;
  readonly output: number;
}

/**
 * The most that tokens of a request can cost: input may be written to a cache or be audio, which cost more than text, and output
 * may be reasoning. Of the tiers all count that so many input tokens can reach.
 */
export function worstPrice(price: SnapshotPrice, inputTokens: number): WorstPrice {
  const reached = (price.tiers ?? []).filter(({ aboveInputTokens }) => inputTokens > aboveInputTokens);
  const worst = [price, ...reached].map(worstOf);
  return {
    input: Math.max(...worst.map(({ input }) => input)),
    output: Math.max(...worst.map(({ output }) => output)),
  };
}

function worstOf(price: TokenPrices): WorstPrice {
  return {
    input: Math.max(
      price.inputPerMillion,
      price.cachedInputPerMillion ?? 0,
      price.cacheWritePerMillion ?? 0,
      price.longCacheWritePerMillion ?? 0,
      price.audioInputPerMillion ?? 0,
      price.imageInputPerMillion ?? 0,
    ),
    output: Math.max(
      price.outputPerMillion,
      price.reasoningPerMillion ?? 0,
      price.audioOutputPerMillion ?? 0,
      price.imageOutputPerMillion ?? 0,
    ),
  };
}
