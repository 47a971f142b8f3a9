import type { PriceTier, TokenPrices } from '@penstock/contracts';

/**
 * The prices of a whole request with so many input tokens: those of the tier with the largest bound below them, and the price
 * itself when there is none. `tiers` stand from few tokens to many. A kind that a tier leaves out costs what its whole costs
 * there; it does not fall back to the price without tiers.
 */
export function priceFor(
  price: TokenPrices & { readonly tiers?: readonly PriceTier[] | undefined },
  inputTokens: number,
): TokenPrices {
  if (price.tiers === undefined) return price;
  return price.tiers.findLast(({ aboveInputTokens }) => inputTokens > aboveInputTokens) ?? price;
}
