/** Longest vector that is taken; the models of 2026 have up to 4096 numbers. */
const MAX_DIMENSIONS = 8_192;

/** The vector of length 1 in the direction of what an embeddings model answered (numbers, or float32 in base64); null: it is none. */
export function readUnitVector(value: unknown): Float32Array | null {
  const numbers = typeof value === 'string' ? fromBase64(value) : value;
  const isVector = Array.isArray(numbers) || numbers instanceof Float32Array;
  if (!isVector || numbers.length === 0 || numbers.length > MAX_DIMENSIONS) return null;
  const vector = Float64Array.from(numbers as ArrayLike<unknown>, (number) =>
    typeof number === 'number' ? number : NaN,
  );
  // The largest first, so that no square is too large or too small.
  const largest = vector.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  if (!(largest > 0 && largest < Infinity)) return null;
  const scaled = vector.map((number) => number / largest);
  const length = Math.sqrt(scaled.reduce((sum, number) => sum + number * number, 0));
  return Number.isFinite(length) ? Float32Array.from(scaled, (number) => number / length) : null;
}

/** The cosine of the angle between two vectors of length 1; vectors of different lengths have nothing in common. */
export function cosine(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return -1;
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] as number) * (other[index] as number);
  return Math.max(-1, Math.min(1, sum));
}

function fromBase64(text: string): Float32Array | null {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) return null;
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
