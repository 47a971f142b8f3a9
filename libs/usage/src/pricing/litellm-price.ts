import { type CatalogPrice, MicroUsdPerMillion, type PriceTier, type TokenPrices } from '@penstock/contracts';
import { microUsdPerMillion } from './micro-usd-per-million.ts';

/** One model as LiteLLM describes it; fields that are no prices are not read. */
export type LiteLlmEntry = Readonly<Record<string, unknown>>;

/** Our names of the kinds of tokens, and LiteLLM's. Prices of other service tiers (`_batches`, `_flex`, `_priority`) are not read. */
const FIELDS: readonly (readonly [keyof TokenPrices, string])[] = [
  ['inputPerMillion', 'input_cost_per_token'],
  ['outputPerMillion', 'output_cost_per_token'],
  ['cachedInputPerMillion', 'cache_read_input_token_cost'],
  ['cacheWritePerMillion', 'cache_creation_input_token_cost'],
  ['longCacheWritePerMillion', 'cache_creation_input_token_cost_above_1hr'],
  ['reasoningPerMillion', 'output_cost_per_reasoning_token'],
  ['audioInputPerMillion', 'input_cost_per_audio_token'],
  ['audioOutputPerMillion', 'output_cost_per_audio_token'],
  ['imageInputPerMillion', 'input_cost_per_image_token'],
  ['imageOutputPerMillion', 'output_cost_per_image_token'],
];
const TIER = /^input_cost_per_token_above_(\d{1,6})k_tokens$/;
/** See `PriceTiers`. */
const MAX_TIERS = 5;

/** What the entry says of tokens, with its tiers. Null where input has no price, or output has none although there is any. */
export function readLiteLlmPrice(entry: LiteLlmEntry): CatalogPrice | null {
  const prices = readPrices(entry, '');
  // An embedding has no output, and where nothing comes out nothing is paid for it.
  if (prices.outputPerMillion === undefined && entry['mode'] === 'embedding') prices.outputPerMillion = 0;
  const base = asTokenPrices(prices);
  if (!base) return null;
  const tiers = readTiers(entry, base);
  return { ...essential(base), ...(tiers.length > 0 && { tiers }) };
}

type SomePrices = { -readonly [Kind in keyof TokenPrices]?: number | undefined };

function readPrices(entry: LiteLlmEntry, suffix: string): SomePrices {
  const prices: SomePrices = {};
  for (const [kind, field] of FIELDS) {
    const price = MicroUsdPerMillion.safeParse(microUsdPerMillion(entry[`${field}${suffix}`]));
    if (price.success) prices[kind] = price.data;
  }
  return prices;
}

/** A kind that a tier does not name keeps its price, as LiteLLM reads its own file. */
function readTiers(entry: LiteLlmEntry, base: TokenPrices): PriceTier[] {
  const bounds = Object.keys(entry).flatMap((name) => {
    const match = TIER.exec(name);
    return match ? [Number(match[1])] : [];
  });
  return bounds
    .filter((thousands) => thousands > 0)
    .toSorted((left, right) => left - right)
    .slice(0, MAX_TIERS)
    .map((thousands) => ({
      aboveInputTokens: thousands * 1_000,
      ...essential({ ...essential(base), ...readPrices(entry, `_above_${thousands}k_tokens`) } as TokenPrices),
    }));
}

function asTokenPrices(prices: SomePrices): TokenPrices | null {
  const { inputPerMillion, outputPerMillion } = prices;
  if (inputPerMillion === undefined || outputPerMillion === undefined) return null;
  return { ...prices, inputPerMillion, outputPerMillion } as TokenPrices;
}

/** Without the parts that cost what their whole costs. */
function essential(prices: TokenPrices): TokenPrices {
  const { inputPerMillion, outputPerMillion } = prices;
  const wholes: Readonly<Partial<Record<keyof TokenPrices, number>>> = {
    cachedInputPerMillion: inputPerMillion,
    cacheWritePerMillion: inputPerMillion,
    longCacheWritePerMillion: prices.cacheWritePerMillion ?? inputPerMillion,
    reasoningPerMillion: outputPerMillion,
    audioInputPerMillion: inputPerMillion,
    audioOutputPerMillion: outputPerMillion,
    imageInputPerMillion: inputPerMillion,
    imageOutputPerMillion: outputPerMillion,
  };
  const kinds = Object.entries(prices) as [keyof TokenPrices, number][];
  return Object.fromEntries(kinds.filter(([kind, price]) => price !== wholes[kind])) as TokenPrices;
}
