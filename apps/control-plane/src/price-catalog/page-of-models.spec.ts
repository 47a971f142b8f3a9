import { describe, expect, it } from '@jest/globals';
import type { PriceCatalog } from '@penstock/contracts';
import { CatalogModelQuery, pageOfModels } from './page-of-models.ts';

const price = { inputPerMillion: 1, outputPerMillion: 2 };
const names = Array.from({ length: 7 }, (_, index) => `Model-${index}-${'x'.repeat(200)}`);
const models = Object.fromEntries(names.toReversed().map((name) => [name, price]));
const catalog = {
  templates: { second: models, first: { alone: { ...price, tiers: [] } } },
} as unknown as PriceCatalog;
const page = (query: object = {}) => pageOfModels(catalog, CatalogModelQuery.parse(query));

describe('a page of catalog models', () => {
  it('stands in the order of template and model, and goes on where the last one ended', () => {
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const { items, total, nextCursor } = page({ limit: 3, ...(cursor && { cursor }) });
      expect(total).toBe(8);
      seen.push(...items.map(({ template, model }) => `${template}/${model}`));
      cursor = nextCursor;
    } while (cursor);
    expect(seen).toEqual(['first/alone', ...names.map((name) => `second/${name}`)]);
  });

  it('is narrowed down by template and by a part of the name', () => {
    expect(page({ template: 'first' }).items).toEqual([{ template: 'first', model: 'alone', ...price, tiers: [] }]);
    expect(page({ q: 'MODEL-3' }).items.map(({ model }) => model)).toEqual([names[3]]);
    expect(page({ template: 'none' })).toEqual({ items: [], total: 0, nextCursor: null });
  });

  it.each(['x', 'W10', Buffer.from('["a"]').toString('base64url')])('refuses the cursor %j', (cursor) => {
    expect(() => page({ cursor })).toThrow('invalid');
  });
});
