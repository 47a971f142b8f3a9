import type { TokenPrices } from '@penstock/contracts';

/** One kind of tokens that can have a price of its own. */
export interface PriceKind {
  readonly name: keyof TokenPrices;
  readonly label: string;
  /** What holds where it is left out; absent for the two that every price has. */
  readonly otherwise?: string;
}

/** The kinds that most prices have. */
export const MAIN_KINDS = [
  { name: 'inputPerMillion', label: 'Input' },
  { name: 'outputPerMillion', label: 'Output' },
  { name: 'cachedInputPerMillion', label: 'Cached input', otherwise: 'as input' },
  { name: 'reasoningPerMillion', label: 'Reasoning', otherwise: 'as output' },
] as const satisfies readonly PriceKind[];

/** The kinds that few vendors price apart. */
export const FURTHER_KINDS = [
  { name: 'cacheWritePerMillion', label: 'Cache write', otherwise: 'as input' },
  { name: 'longCacheWritePerMillion', label: 'Long cache write', otherwise: 'as cache write' },
  { name: 'audioInputPerMillion', label: 'Audio input', otherwise: 'as input' },
  { name: 'audioOutputPerMillion', label: 'Audio output', otherwise: 'as output' },
  { name: 'imageInputPerMillion', label: 'Image input', otherwise: 'as input' },
  { name: 'imageOutputPerMillion', label: 'Image output', otherwise: 'as output' },
] as const satisfies readonly PriceKind[];

/** Every kind. */
export const PRICE_KINDS: readonly PriceKind[] = [...MAIN_KINDS, ...FURTHER_KINDS];
