import { z } from 'zod';
import { UsageSummaryQuery } from './usage-reports.ts';

/** `GET /price-catalog/unknown`: a range as usage reports have it. */
export const UnknownPricesQuery = UsageSummaryQuery.pick({ from: true, to: true, timeZone: true }).meta({
  id: 'UnknownPricesQuery',
});
export type UnknownPricesQuery = z.infer<typeof UnknownPricesQuery>;

/** A model of which requests had no price. */
export const UnknownPriceModel = z.object({
  provider: z.string().nullable(),
  /** What a ModelPrice for it names: the provider's id of the model. */
  model: z.string(),
  /** As it was named to the vendor. */
  upstreamModel: z.string(),
  requests: z.int(),
});
export type UnknownPriceModel = z.infer<typeof UnknownPriceModel>;

/** The 1000 with the most such requests, those first. */
export const UnknownPriceModels = z
  .object({ from: z.iso.datetime(), to: z.iso.datetime(), items: z.array(UnknownPriceModel) })
  .meta({ id: 'UnknownPriceModels' });
export type UnknownPriceModels = z.infer<typeof UnknownPriceModels>;
