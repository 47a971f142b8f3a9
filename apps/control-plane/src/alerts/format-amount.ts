const MICRO_USD = 1_000_000;

/** An amount of a limit for people: money in USD, everything else as it is counted. */
export function formatAmount(amount: number, unit: string): string {
  if (unit !== 'cost') return `${amount.toLocaleString('en-US')} ${unit}`;
  const digits = amount % 10_000 === 0 ? 2 : 6;
  const usd = amount / MICRO_USD;
  return `${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits })} USD`;
}
