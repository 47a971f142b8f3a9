import type { TokenPrices } from '@penstock/contracts';
import { microUsdToUsd, usdToMicroUsd } from '../../../lib/format-cost.ts';
import { PRICE_KINDS } from './price-kinds.ts';

/** Dollars for a million tokens of each kind; null while a field is empty. */
export type AmountDrafts = Readonly<Record<keyof TokenPrices, number | null>>;

/** Empty fields for every kind. */
export const NO_AMOUNTS = Object.fromEntries(PRICE_KINDS.map(({ name }) => [name, null])) as unknown as AmountDrafts;

type Amounts = { readonly [Kind in keyof TokenPrices]?: number | undefined };

/** The fields of saved prices. */
export function draftOfAmounts(prices: Amounts): AmountDrafts {
  const typed = PRICE_KINDS.map(({ name }) => {
    const microUsd = prices[name];
    return [name, microUsd === undefined ? null : microUsdToUsd(microUsd)] as const;
  });
  return Object.fromEntries(typed) as unknown as AmountDrafts;
}

/** The prices of fields: without those that are empty, except for the two that every price has. */
export function amountsOf(drafts: AmountDrafts): TokenPrices {
  const given = PRICE_KINDS.filter(({ name, otherwise }) => drafts[name] !== null || otherwise === undefined);
  const amounts = given.map(({ name }) => [name, usdToMicroUsd(drafts[name] ?? Number.NaN)] as const);
  return Object.fromEntries(amounts) as unknown as TokenPrices;
}
