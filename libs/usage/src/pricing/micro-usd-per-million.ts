/** Digits that an exponent may shift by; a price of a token is nowhere near. */
const MAX_SHIFT = 60;
/** From USD for a token to micro-USD for a million: six digits for the one, six for the other. */
const SHIFT = 12;

/**
 * A price in USD for a token as micro-USD for a million tokens, a whole number: exact decimal arithmetic on the number's shortest
 * text, half a micro-USD upwards. Undefined for what is no price: negative, not finite, above what a double holds exactly.
 */
export function microUsdPerMillion(usdPerToken: unknown): number | undefined {
  if (typeof usdPerToken !== 'number' && typeof usdPerToken !== 'string') return undefined;
  const match = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(String(usdPerToken).trim());
  if (!match) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const shift = SHIFT + Number(exponent) - fraction.length;
  if (Math.abs(shift) > MAX_SHIFT) return undefined;
  const micro = shifted(BigInt(whole + fraction), shift);
  return micro <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(micro) : undefined;
}

/** The number times ten to the power of `shift`, half upwards. */
function shifted(digits: bigint, shift: number): bigint {
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits + divisor / 2n) / divisor;
}
