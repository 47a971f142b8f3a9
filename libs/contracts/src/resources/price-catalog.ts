import { z } from 'zod';
import { PriceTiers, tokenPriceFields } from './token-prices.ts';

/** Largest upload of a catalog; LiteLLM's file has 3 MiB and grows by one in a year. */
export const MAX_PRICE_CATALOG_BYTES = 16 * 1024 * 1024;

/** What the catalog says of one model. */
export const CatalogPrice = z.strictObject({ ...tokenPriceFields, tiers: PriceTiers.optional() });
export type CatalogPrice = z.infer<typeof CatalogPrice>;

/**
 * List prices of vendors: by template, then by the vendor's name of the model. They hold where an organization has set no
 * `ModelPrice`.
 */
export const PriceCatalog = z
  .strictObject({
    /** Of what it was made: project, file and commit. */
    source: z.string().max(500),
    license: z.string().max(100),
    /** The day of the source. */
    date: z.iso.date(),
    /** SHA-256 of the source file, hexadecimal. */
    sourceSha256: z.string().regex(/^[0-9a-f]{64}$/),
    templates: z.record(z.string().max(253), z.record(z.string().min(1).max(255), CatalogPrice)),
  })
  .meta({ id: 'PriceCatalog' });
export type PriceCatalog = z.infer<typeof PriceCatalog>;

/** Which catalog is in use. */
export const PriceCatalogStatus = z
  .object({
    source: z.string(),
    license: z.string(),
    date: z.iso.date(),
    sourceSha256: z.string(),
    /** SHA-256 of the catalog itself; the beginning of it stands in the price version of usage events. */
    sha256: z.string(),
    /** False: the one that comes with this release. */
    uploaded: z.boolean(),
    updatedAt: z.iso.datetime().nullable(),
    models: z.int(),
  })
  .meta({ id: 'PriceCatalogStatus' });
export type PriceCatalogStatus = z.infer<typeof PriceCatalogStatus>;

/** One line of the catalog. */
export const CatalogModel = CatalogPrice.extend({ template: z.string(), model: z.string() }).meta({
  id: 'CatalogModel',
});
export type CatalogModel = z.infer<typeof CatalogModel>;
