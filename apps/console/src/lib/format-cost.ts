const MICRO_USD = 1_000_000;

const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const micros = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});

/** Micro-USD as dollars: to the cent from one dollar on, to the micro-USD below, so that small spends do not read as nothing. */
export function formatCost(microUsd: number): string {
  const usd = microUsd / MICRO_USD;
  return Math.abs(usd) >= 1 ? cents.format(usd) : micros.format(usd);
}

/** Micro-USD as dollars, exactly: for prices. */
export function formatPrice(microUsd: number): string {
  return micros.format(microUsd / MICRO_USD);
}

/** Dollars as an admin types them, in micro-USD. */
export function usdToMicroUsd(usd: number): number {
  return Math.round(usd * MICRO_USD);
}

/** Micro-USD as the dollars an admin types. */
export function microUsdToUsd(microUsd: number): number {
  return microUsd / MICRO_USD;
}
