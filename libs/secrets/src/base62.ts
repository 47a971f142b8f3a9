const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The number in base 62, left-padded with zeros to `length` characters. Throws RangeError when it does not fit. */
export function encodeBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text;
  if (text.length > length) throw new RangeError(`the number needs more than ${length} base62 characters`);
  return text.padStart(length, '0');
}
