import type { TokenPrices, TokenUsage } from '@penstock/contracts';

/** Tokens of one kind and what a million of them costs, in whole micro-USD. */
export interface PricedPart {
  readonly tokens: number;
  readonly perMillion: number;
}

/**
 * A request's tokens by what they cost, each exactly once. Input is, in this order, what was read from the vendor's cache, what was
 * written to it for long, what was written to it, audio, and images; what is left is text. Output is reasoning, audio, images, and
 * text. A part that does not fit into what is left of its whole counts as what is left: a vendor may count a token of cached audio
 * as both, and then it costs what the cache costs. A kind without a price of its own costs what its whole costs, a long cache write
 * what a short one costs.
 */
export function priceParts(usage: TokenUsage, price: TokenPrices): PricedPart[] {
  return [
    ...divide(usage.inputTokens, price.inputPerMillion, inputParts(usage, price)),
    ...divide(usage.outputTokens, price.outputPerMillion, outputParts(usage, price)),
  ];
}

function inputParts(usage: TokenUsage, price: TokenPrices): PricedPart[] {
  const whole = price.inputPerMillion;
  const write = price.cacheWritePerMillion ?? whole;
  const writes = usage.cacheWriteTokens ?? 0;
  const long = Math.min(writes, usage.longCacheWriteTokens ?? 0);
  return [
    { tokens: usage.cachedInputTokens, perMillion: price.cachedInputPerMillion ?? whole },
    { tokens: long, perMillion: price.longCacheWritePerMillion ?? write },
    { tokens: writes - long, perMillion: write },
    { tokens: usage.audioInputTokens ?? 0, perMillion: price.audioInputPerMillion ?? whole },
    { tokens: usage.imageInputTokens ?? 0, perMillion: price.imageInputPerMillion ?? whole },
  ];
}

function outputParts(usage: TokenUsage, price: TokenPrices): PricedPart[] {
  const whole = price.outputPerMillion;
  return [
    { tokens: usage.reasoningTokens, perMillion: price.reasoningPerMillion ?? whole },
    { tokens: usage.audioOutputTokens ?? 0, perMillion: price.audioOutputPerMillion ?? whole },
    { tokens: usage.imageOutputTokens ?? 0, perMillion: price.imageOutputPerMillion ?? whole },
  ];
}

/** The whole in its parts, as far as they fit, and the rest at the price of the whole. */
function divide(whole: number, perMillion: number, parts: readonly PricedPart[]): PricedPart[] {
  let rest = whole;
  const fitting = parts.map((part) => {
    const tokens = Math.min(part.tokens, rest);
    rest -= tokens;
    return { tokens, perMillion: part.perMillion };
  });
  return [...fitting, { tokens: rest, perMillion }];
}
