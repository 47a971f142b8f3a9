import type { SnapshotPrice, TokenUsage } from '@penstock/contracts';

/** What a million tokens of each kind cost, in whole micro-USD. */
export type TokenPrice = Pick<
  SnapshotPrice,
  'inputPerMillion' | 'outputPerMillion' | 'cachedInputPerMillion' | 'reasoningPerMillion'
>;

const PER_MILLION = 1_000_000n;

/**
 * The cost of a request in whole micro-USD. Cached input and reasoning are parts of input and output and have prices of their
 * own; a part larger than its whole counts as the whole. The sum is exact and rounded once, half a micro-USD upwards.
 */
export function costOf(usage: TokenUsage, price: TokenPrice): number {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const reasoning = Math.min(usage.reasoningTokens, usage.outputTokens);
  const total =
    times(usage.inputTokens - cached, price.inputPerMillion) +
    times(cached, price.cachedInputPerMillion ?? price.inputPerMillion) +
    times(usage.outputTokens - reasoning, price.outputPerMillion) +
    times(reasoning, price.reasoningPerMillion ?? price.outputPerMillion);
  return Number((total + PER_MILLION / 2n) / PER_MILLION);
}

/** Which price holds at a time (ms since the epoch): the last one whose time has come. `prices` stand oldest first. */
export function priceAt(prices: readonly SnapshotPrice[], timeMs: number): SnapshotPrice | undefined {
  return prices.findLast(({ effectiveFrom }) => effectiveFrom === null || Date.parse(effectiveFrom) <= timeMs);
}

/** A million tokens at a million USD exceed what a double holds exactly. */
function times(tokens: number, perMillion: number): bigint {
  return BigInt(tokens) * BigInt(perMillion);
}
