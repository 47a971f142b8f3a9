import { z } from 'zod';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';
import { PriceTiers, tokenPriceFields } from './token-prices.ts';

/** What a provider's model costs; goes before the price catalog. */
export const ModelPriceSpec = z
  .strictObject({
    provider: ResourceName,
    /** The provider model's id. */
    model: z.string().min(1).max(255),
    ...tokenPriceFields,
    tiers: PriceTiers.optional(),
    effectiveFrom: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'ModelPriceSpec' });
export type ModelPriceSpec = z.infer<typeof ModelPriceSpec>;

export const ModelPriceManifest = manifestOf('ModelPrice', ModelPriceSpec);
export type ModelPriceManifest = z.infer<typeof ModelPriceManifest>;
export const ModelPrice = resourceOf('ModelPrice', ModelPriceSpec, ResourceStatus);
export type ModelPrice = z.infer<typeof ModelPrice>;
