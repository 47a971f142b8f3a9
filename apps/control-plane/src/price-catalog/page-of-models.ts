import { type CatalogModel, PageQuery, type PriceCatalog } from '@penstock/contracts';
import { z } from 'zod';
import { invalidField } from '../common/admin-error.ts';

export const CatalogModelQuery = z
  .object({
    limit: PageQuery.shape.limit,
    /** Names of models are longer than those of documents. */
    cursor: z.string().max(2_048).optional(),
    /** A part of the model's name; upper and lower case are alike. */
    q: PageQuery.shape.q,
    template: z.string().max(253).optional(),
  })
  .meta({ id: 'CatalogModelQuery' });
export type CatalogModelQuery = z.output<typeof CatalogModelQuery>;

type Key = readonly [template: string, model: string];

const Position = z.tuple([z.string().max(253), z.string().max(255)]);

/** A page of a catalog's models in the order of template and model. Throws the 400 for a cursor of another list. */
export function pageOfModels({ templates }: PriceCatalog, query: CatalogModelQuery) {
  const needle = query.q?.toLowerCase() ?? '';
  const keys = Object.entries(templates)
    .filter(([template]) => query.template === undefined || template === query.template)
    .flatMap(([template, models]) => Object.keys(models).map((model): Key => [template, model]))
    .filter(([, model]) => model.toLowerCase().includes(needle))
    .toSorted(compare);
  const after = query.cursor === undefined ? undefined : decode(query.cursor);
  const rest = after ? keys.filter((key) => compare(key, after) > 0) : keys;
  const shown = rest.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(([template, model]) => ({ template, model, ...templates[template]?.[model] }) as CatalogModel),
    total: keys.length,
    nextCursor: last && rest.length > shown.length ? encode(last) : null,
  };
}

function compare([leftTemplate, leftModel]: Key, [rightTemplate, rightModel]: Key): number {
  return order(leftTemplate, rightTemplate) || order(leftModel, rightModel);
}

function order(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function encode(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decode(cursor: string): Key {
  try {
    return Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw invalidField('cursor', 'is not a cursor of this list');
  }
}
