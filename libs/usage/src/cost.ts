import type { SnapshotPrice, TokenPrices, TokenUsage } from '@penstock/contracts';
import { priceParts, type PricedPart } from './pricing/price-parts.ts';
import { priceFor } from './pricing/price-for.ts';

/** What a million tokens of each kind cost, in whole micro-USD, and what they cost in large requests. */
export type TokenPrice = TokenPrices & Pick<SnapshotPrice, 'tiers'>;

const PER_MILLION = 1_000_000;
/** Sums of whole numbers up to here are exact in a double, and so is their division when it is rounded down. */
const MAX_EXACT = 2 ** 50;

/**
 * The cost of a request in whole micro-USD. The tier of the request prices all of it (see `priceFor`), every token once (see
 * `priceParts`). The sum is exact and rounded once, half a micro-USD upwards. It is never negative, and within a tier it never
 * falls when input or output grow.
 */
export function costOf(usage: TokenUsage, price: TokenPrice): number {
  const at = priceFor(price, usage.inputTokens);
  const total = isPlain(usage) ? plainTotal(usage, at) : sumOf(priceParts(usage, at));
  // No summand is negative: while the sum is below the bound it is exact, and so were they.
  if (total < MAX_EXACT) return Math.floor((total + PER_MILLION / 2) / PER_MILLION);
  return exactCost(priceParts(usage, at));
}

/** Which price holds at a time (ms since the epoch): the last one whose time has come. `prices` stand oldest first. */
export function priceAt(prices: readonly SnapshotPrice[], timeMs: number): SnapshotPrice | undefined {
  return prices.findLast(({ effectiveFrom }) => effectiveFrom === null || Date.parse(effectiveFrom) <= timeMs);
}

/** Most requests have none of the rare kinds; they are priced without any list. */
function isPlain(usage: TokenUsage): boolean {
  return (
    usage.cacheWriteTokens === undefined &&
    usage.audioInputTokens === undefined &&
    usage.audioOutputTokens === undefined &&
    usage.imageInputTokens === undefined &&
    usage.imageOutputTokens === undefined
  );
}

function plainTotal(usage: TokenUsage, price: TokenPrices): number {
  const { inputTokens, outputTokens } = usage;
  const cached = Math.min(usage.cachedInputTokens, inputTokens);
  const reasoning = Math.min(usage.reasoningTokens, outputTokens);
  return (
    (inputTokens - cached) * price.inputPerMillion +
    cached * (price.cachedInputPerMillion ?? price.inputPerMillion) +
    (outputTokens - reasoning) * price.outputPerMillion +
    reasoning * (price.reasoningPerMillion ?? price.outputPerMillion)
  );
}

function sumOf(parts: readonly PricedPart[]): number {
  return parts.reduce((sum, { tokens, perMillion }) => sum + tokens * perMillion, 0);
}

/** A million tokens at a million USD exceed what a double holds exactly. */
function exactCost(parts: readonly PricedPart[]): number {
  const total = parts.reduce((sum, { tokens, perMillion }) => sum + BigInt(tokens) * BigInt(perMillion), 0n);
  return Number((total + BigInt(PER_MILLION / 2)) / BigInt(PER_MILLION));
}
