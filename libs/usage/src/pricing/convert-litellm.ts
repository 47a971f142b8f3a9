import type { CatalogPrice, PriceCatalog } from '@penstock/contracts';
import { type LiteLlmEntry, readLiteLlmPrice } from './litellm-price.ts';
import { LITELLM_VENDORS, type LiteLlmVendor, vendorModelName } from './litellm-vendors.ts';

/** Whence the file is; see `PriceCatalog`. */
export type CatalogOrigin = Pick<PriceCatalog, 'source' | 'license' | 'date' | 'sourceSha256'>;

/** Why entries of the file are not in the catalog. */
export interface DroppedEntries {
  /** Vendors for which there is no template. */
  otherVendor: number;
  /** What is no chat, completion, response or embedding. */
  otherMode: number;
  /** Regional and other variants, under names that the vendor does not use. */
  variant: number;
  /** No price for a token, or nothing but zeros, which do not tell what is free from what is not known. */
  unpriced: number;
  /** The model is there already. */
  duplicate: number;
}

export interface ConvertedCatalog {
  readonly catalog: PriceCatalog;
  /** Models by template. */
  readonly models: ReadonlyMap<string, number>;
  readonly dropped: DroppedEntries;
}

const MODES = new Set<unknown>(['chat', 'completion', 'responses', 'embedding']);
/** An entry that explains the format. */
const SAMPLE = 'sample_spec';

/** Whether the value looks like LiteLLM's `model_prices_and_context_window.json`: an object of models that name their provider. */
export function isLiteLlmFile(value: unknown): value is Readonly<Record<string, LiteLlmEntry>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'templates' in value) return false;
  const entries = Object.values(value) as unknown[];
  return entries.length > 0 && entries.every(isObject) && entries.some((entry) => 'litellm_provider' in entry);
}

/** LiteLLM's file as a price catalog; models are sorted by name. Pure. */
export function convertLiteLlm(file: Readonly<Record<string, LiteLlmEntry>>, origin: CatalogOrigin): ConvertedCatalog {
  const templates = new Map<string, Map<string, CatalogPrice>>();
  const dropped: DroppedEntries = { otherVendor: 0, otherMode: 0, variant: 0, unpriced: 0, duplicate: 0 };
  for (const [name, entry] of inVendorOrder(file)) {
    if (name === SAMPLE) continue;
    const vendor = LITELLM_VENDORS.get(String(entry['litellm_provider']));
    const fault = vendor ? addModel(templates, name, entry, vendor) : 'otherVendor';
    if (fault) dropped[fault] += 1;
  }
  return {
    catalog: { ...origin, templates: Object.fromEntries([...templates].toSorted(byName).map(sorted)) },
    models: new Map([...templates].map(([template, models]) => [template, models.size])),
    dropped,
  };
}

/** Of two vendors with a model of the same name, the one that is named first has it. */
function inVendorOrder(file: Readonly<Record<string, LiteLlmEntry>>): [string, LiteLlmEntry][] {
  const ranks = new Map<unknown, number>([...LITELLM_VENDORS.keys()].map((vendor, index) => [vendor, index]));
  const rankOf = (entry: LiteLlmEntry): number => ranks.get(entry['litellm_provider']) ?? ranks.size;
  return Object.entries(file).toSorted(([, left], [, right]) => rankOf(left) - rankOf(right));
}

function addModel(
  templates: Map<string, Map<string, CatalogPrice>>,
  name: string,
  entry: LiteLlmEntry,
  vendor: LiteLlmVendor,
): keyof DroppedEntries | null {
  if (!MODES.has(entry['mode'])) return 'otherMode';
  const model = vendorModelName(name, vendor);
  if (model === null) return 'variant';
  const price = readLiteLlmPrice(entry);
  if (!price || (price.inputPerMillion === 0 && price.outputPerMillion === 0)) return 'unpriced';
  let added = false;
  for (const template of vendor.templates) {
    const models = templates.get(template) ?? new Map<string, CatalogPrice>();
    templates.set(template, models);
    if (models.has(model)) continue;
    models.set(model, price);
    added = true;
  }
  return added ? null : 'duplicate';
}

function sorted([template, models]: [string, Map<string, CatalogPrice>]): [string, Record<string, CatalogPrice>] {
  return [template, Object.fromEntries([...models].toSorted(byName))];
}

/** By code units, so that it is the same everywhere. */
function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : Number(left > right);
}

function isObject(value: unknown): value is LiteLlmEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
