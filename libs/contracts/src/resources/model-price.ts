import { z } from 'zod';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';

/** Micro-USD for a million tokens, which equals USD times a million for a million tokens; an integer. */
const MicroUsdPerMillion = z.int().min(0).max(1_000_000_000_000);

export const ModelPriceSpec = z
  .strictObject({
    provider: ResourceName,
    /** The provider model's id. */
    model: z.string().min(1).max(255),
    inputPerMillion: MicroUsdPerMillion,
    outputPerMillion: MicroUsdPerMillion,
    /** `inputPerMillion` where it is left out. */
    cachedInputPerMillion: MicroUsdPerMillion.optional(),
    /** `outputPerMillion` where it is left out. */
    reasoningPerMillion: MicroUsdPerMillion.optional(),
    effectiveFrom: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'ModelPriceSpec' });
export type ModelPriceSpec = z.infer<typeof ModelPriceSpec>;

export const ModelPriceManifest = manifestOf('ModelPrice', ModelPriceSpec);
export type ModelPriceManifest = z.infer<typeof ModelPriceManifest>;
export const ModelPrice = resourceOf('ModelPrice', ModelPriceSpec, ResourceStatus);
export type ModelPrice = z.infer<typeof ModelPrice>;
