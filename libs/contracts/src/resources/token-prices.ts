import { z } from 'zod';

/** Micro-USD for a million tokens, which equals USD times a million for a million tokens; an integer. */
export const MicroUsdPerMillion = z.int().min(0).max(1_000_000_000_000);

/** What a million tokens of each kind cost. A kind that is left out costs what its whole costs. */
export const tokenPriceFields = {
  inputPerMillion: MicroUsdPerMillion,
  outputPerMillion: MicroUsdPerMillion,
  /** Input read from the vendor's cache. */
  cachedInputPerMillion: MicroUsdPerMillion.optional(),
  /** Input written to the vendor's cache. */
  cacheWritePerMillion: MicroUsdPerMillion.optional(),
  /** The same with the long life (Anthropic: an hour); `cacheWritePerMillion` where it is left out. */
  longCacheWritePerMillion: MicroUsdPerMillion.optional(),
  reasoningPerMillion: MicroUsdPerMillion.optional(),
  audioInputPerMillion: MicroUsdPerMillion.optional(),
  audioOutputPerMillion: MicroUsdPerMillion.optional(),
  imageInputPerMillion: MicroUsdPerMillion.optional(),
  imageOutputPerMillion: MicroUsdPerMillion.optional(),
};

/** Prices of one request. */
export const TokenPrices = z.strictObject(tokenPriceFields).meta({ id: 'TokenPrices' });
export type TokenPrices = z.infer<typeof TokenPrices>;

/** Prices that hold for the whole of a request with more than so many input tokens. */
export const PriceTier = z
  .strictObject({ aboveInputTokens: z.int().min(1).max(1_000_000_000), ...tokenPriceFields })
  .meta({ id: 'PriceTier' });
export type PriceTier = z.infer<typeof PriceTier>;

/** From few tokens to many. */
export const PriceTiers = z
  .array(PriceTier)
  .max(5)
  .refine((tiers) => tiers.every((tier, index) => tier.aboveInputTokens > (tiers[index - 1]?.aboveInputTokens ?? 0)), {
    error: 'must stand from few input tokens to many, each bound once',
  });
