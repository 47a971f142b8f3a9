import { describe, expect, it } from '@jest/globals';
import { type CatalogPrice, ModelPriceSpec, type PriceCatalog, SnapshotPrice } from '@penstock/contracts';
import { priceAt } from '@penstock/usage';
import { catalogInForce } from '../price-catalog/catalog-in-force.ts';
import { MAX_OPEN_PRICES, type PricedProvider, SnapshotPrices } from './snapshot-prices.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const organizationId = '00000000-0000-7000-8000-000000000001';
const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const list: CatalogPrice = {
  inputPerMillion: 100,
  outputPerMillion: 200,
  cacheWritePerMillion: 125,
  tiers: [{ aboveInputTokens: 200_000, inputPerMillion: 200, outputPerMillion: 300 }],
};
const catalogOf = (templates: PriceCatalog['templates']) =>
  catalogInForce({ source: 's', license: 'MIT', date: '2026-05-01', sourceSha256: '0'.repeat(64), templates }, null);
const catalog = catalogOf({ vendor: { big: list, small: { inputPerMillion: 1, outputPerMillion: 2 } } });

const provider = (models: readonly (readonly [id: string, upstreamModel: string])[] | null): PricedProvider => ({
  id: id(10),
  organizationId,
  template: 'vendor',
  models: models?.map(([modelId, upstreamModel]) => ({ id: modelId, upstreamModel })) ?? null,
});
const row = (model: string, spec: object = {}) => ({
  id: id(50),
  providerId: id(10),
  updatedAt: NOW,
  spec: ModelPriceSpec.parse({ provider: 'p', model, inputPerMillion: 7, outputPerMillion: 8, ...spec }),
});
const pricesOf = (priced: PricedProvider, rows: ReturnType<typeof row>[] = [], inForce = catalog) =>
  new SnapshotPrices({ prices: rows, priceCatalogs: new Map([[organizationId, inForce]]) }, NOW).of(priced);

describe('the prices of a provider', () => {
  it("are the catalog's for its models, by the name that the vendor gives them", () => {
    const prices = pricesOf(
      provider([
        ['ours', 'big'],
        ['small', 'small'],
        ['other', 'unheard-of'],
      ]),
    );
    expect(Object.keys(prices)).toEqual(['ours', 'small']);
    expect(prices['ours']).toEqual([
      { version: `catalog:2026-05-01:${catalog.sha256.slice(0, 12)}`, effectiveFrom: null, ...list },
    ]);
    for (const price of Object.values(prices).flat()) SnapshotPrice.parse(price);
  });

  it('are the whole catalog of its template where it accepts any model, and none where there is no such template', () => {
    expect(Object.keys(pricesOf(provider(null)))).toEqual(['big', 'small']);
    expect(pricesOf({ ...provider(null), template: 'own' })).toEqual({});
    expect(pricesOf({ ...provider(null), organizationId: id(2) })).toEqual({});
  });

  it('are set ones before those of the catalog, with every kind of token', () => {
    const kinds = {
      cachedInputPerMillion: 1,
      cacheWritePerMillion: 2,
      longCacheWritePerMillion: 3,
      reasoningPerMillion: 4,
      audioInputPerMillion: 5,
      audioOutputPerMillion: 6,
      imageInputPerMillion: 7,
      imageOutputPerMillion: 8,
      tiers: [{ aboveInputTokens: 1, inputPerMillion: 9, outputPerMillion: 9 }],
    };
    const prices = pricesOf(provider([['big', 'big']]), [row('big', kinds)]);
    const version = `${id(50)}@${NOW.toISOString()}`;
    expect(prices['big']).toEqual([
      { version, effectiveFrom: null, inputPerMillion: 7, outputPerMillion: 8, ...kinds },
    ]);
    SnapshotPrice.parse(prices['big']?.[0]);
  });

  it('are those of the catalog until the first set price begins', () => {
    const prices = pricesOf(provider(null), [row('big', { effectiveFrom: '2026-07-01T00:00:00Z' })])['big'] ?? [];
    expect(priceAt(prices, NOW.getTime())?.inputPerMillion).toBe(100);
    expect(priceAt(prices, Date.parse('2026-07-01T00:00:00Z'))?.inputPerMillion).toBe(7);
  });

  it('do without the catalog once a set price holds', () => {
    const prices = pricesOf(provider(null), [row('big', { effectiveFrom: '2026-01-01T00:00:00Z' })]);
    expect(prices['big']).toHaveLength(1);
    expect(prices['small']).toHaveLength(1);
  });

  it('are kept of a set price for a model that the catalog does not know', () => {
    expect(pricesOf(provider(null), [row('own')])['own']?.[0]?.inputPerMillion).toBe(7);
  });

  it('are no property that every object has', () => {
    expect(
      pricesOf(
        provider([
          ['constructor', 'constructor'],
          ['x', '__proto__'],
        ]),
      ),
    ).toEqual({});
  });

  it('stay within a bound for providers that accept any model, and then those of declared models remain', () => {
    const many = Object.fromEntries(Array.from({ length: MAX_OPEN_PRICES / 2 }, (_, index) => [`m${index}`, list]));
    const inForce = catalogOf({ vendor: many });
    const prices = new SnapshotPrices({ prices: [], priceCatalogs: new Map([[organizationId, inForce]]) }, NOW);
    const counts = [null, null, null].map((models) => Object.keys(prices.of(provider(models))).length);
    expect(counts).toEqual([MAX_OPEN_PRICES / 2, MAX_OPEN_PRICES / 2, 0]);
    expect(Object.keys(prices.of(provider([['a', 'm1']])))).toEqual(['a']);
  });
});
