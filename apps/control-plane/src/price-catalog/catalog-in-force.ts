import { createHash } from 'node:crypto';
import type { PriceCatalog, PriceCatalogStatus } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';

/** A price catalog that holds for an organization. */
export interface CatalogInForce {
  readonly catalog: PriceCatalog;
  /** Of the catalog itself, whatever the order of its keys. */
  readonly sha256: string;
  /** Null: the one that comes with this release. */
  readonly uploadedAt: Date | null;
  readonly models: number;
}

/** SHA-256 of a catalog's content, hexadecimal. */
export function catalogSha256(catalog: PriceCatalog): string {
  return createHash('sha256').update(canonicalJson(catalog)).digest('hex');
}

export function catalogInForce(catalog: PriceCatalog, uploadedAt: Date | null): CatalogInForce {
  return { catalog, sha256: catalogSha256(catalog), uploadedAt, models: countModels(catalog) };
}

/** Models of all templates. */
export function countModels({ templates }: PriceCatalog): number {
  return Object.values(templates).reduce((sum, models) => sum + Object.keys(models).length, 0);
}

/** What usage events name as the price that was used. */
export function catalogVersion({ catalog, sha256 }: CatalogInForce): string {
  return `catalog:${catalog.date}:${sha256.slice(0, 12)}`;
}

export function catalogStatus({ catalog, sha256, uploadedAt, models }: CatalogInForce): PriceCatalogStatus {
  const { source, license, date, sourceSha256 } = catalog;
  const updatedAt = uploadedAt?.toISOString() ?? null;
  return { source, license, date, sourceSha256, sha256, uploaded: uploadedAt !== null, updatedAt, models };
}
