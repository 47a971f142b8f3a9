import type { CatalogPrice, ModelPriceSpec, SnapshotModel, SnapshotPrice } from '@penstock/contracts';
import { type CatalogInForce, catalogVersion } from '../price-catalog/catalog-in-force.ts';
import type { SnapshotRows } from './snapshot-rows.ts';

type PriceRow = SnapshotRows['prices'][number];

/** A provider as far as its prices go. */
export interface PricedProvider {
  readonly id: string;
  readonly organizationId: string;
  readonly template: string;
  /** Null: any model, under its vendor's name. */
  readonly models: readonly Pick<SnapshotModel, 'id' | 'upstreamModel'>[] | null;
}

/**
 * Catalog prices of providers that accept any model, over the whole snapshot: some 10 MB. Beyond it such a provider has the prices
 * alone that are set for it; what then has no price is counted and alerted.
 */
export const MAX_OPEN_PRICES = 40_000;

/**
 * Prices of each provider by model id, those that hold longest first: the last one whose time has come is in force. What is set for a
 * model goes before the catalog, which holds until the first set price begins.
 */
export class SnapshotPrices {
  readonly #rows: ReadonlyMap<string, ReadonlyMap<string, readonly PriceRow[]>>;
  readonly #catalogs: SnapshotRows['priceCatalogs'];
  readonly #nowMs: number;
  #openPrices = 0;

  constructor({ prices, priceCatalogs }: Pick<SnapshotRows, 'prices' | 'priceCatalogs'>, now: Date) {
    const byProvider = Map.groupBy(prices.toSorted(byStart), ({ providerId }) => providerId);
    this.#rows = new Map([...byProvider].map(([id, rows]) => [id, Map.groupBy(rows, ({ spec }) => spec.model)]));
    this.#catalogs = priceCatalogs;
    this.#nowMs = now.getTime();
  }

  of(provider: PricedProvider): Record<string, SnapshotPrice[]> {
    const result = Object.create(null) as Record<string, SnapshotPrice[]>;
    const rows = this.#rows.get(provider.id);
    for (const [model, price] of this.#listPrices(provider)) {
      if (!this.#isInForce(rows?.get(model))) result[model] = [price];
    }
    for (const [model, priced] of rows ?? []) (result[model] ??= []).push(...priced.map(setPrice));
    return result;
  }

  /** Whether a set price holds already, so that the catalog is of no use any more. */
  #isInForce(rows: readonly PriceRow[] | undefined): boolean {
    const first = rows?.[0];
    return first !== undefined && startOf(first) <= this.#nowMs;
  }

  #listPrices({ organizationId, template, models }: PricedProvider): readonly (readonly [string, SnapshotPrice])[] {
    const catalog = this.#catalogs.get(organizationId);
    const section = catalog?.catalog.templates[template];
    if (!catalog || !section) return [];
    if (models) {
      return models.flatMap(({ id, upstreamModel }) => {
        const price = Object.hasOwn(section, upstreamModel) ? section[upstreamModel] : undefined;
        return price ? [[id, listPrice(price, catalog)] as const] : [];
      });
    }
    const all = Object.entries(section);
    if (this.#openPrices + all.length > MAX_OPEN_PRICES) return [];
    this.#openPrices += all.length;
    return all.map(([model, price]) => [model, listPrice(price, catalog)]);
  }
}

function byStart(left: PriceRow, right: PriceRow): number {
  return startOf(left) - startOf(right) || left.updatedAt.getTime() - right.updatedAt.getTime();
}

function startOf({ spec }: PriceRow): number {
  return spec.effectiveFrom === undefined ? 0 : Date.parse(spec.effectiveFrom);
}

function listPrice(price: CatalogPrice, catalog: CatalogInForce): SnapshotPrice {
  return { version: catalogVersion(catalog), effectiveFrom: null, ...price };
}

function setPrice({ id, updatedAt, spec }: PriceRow): SnapshotPrice {
  return {
    version: `${id}@${updatedAt.toISOString()}`,
    effectiveFrom: spec.effectiveFrom === undefined ? null : new Date(spec.effectiveFrom).toISOString(),
    ...pricesOf(spec),
  };
}

function pricesOf({ provider: _provider, model: _model, effectiveFrom: _effectiveFrom, ...prices }: ModelPriceSpec) {
  return prices;
}
