import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PriceCatalog } from '@penstock/contracts';
import { type CatalogInForce, catalogInForce } from './catalog-in-force.ts';

/** Made by tools/catalog/convert.mjs; two folders up from the source as from what is built of it. */
const FILE = path.resolve(import.meta.dirname, '../../data/price-catalog.json');

let loaded: CatalogInForce | undefined;

/** The price catalog that comes with this release. Read once. Throws when the release is incomplete. */
export function vendoredCatalog(): CatalogInForce {
  loaded ??= catalogInForce(PriceCatalog.parse(JSON.parse(readFileSync(FILE, 'utf8'))), null);
  return loaded;
}
