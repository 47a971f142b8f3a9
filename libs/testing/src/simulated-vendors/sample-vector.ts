/** A vector that depends on the text alone; every number is exact in 32 bits. */
export function sampleVector(text: string, dimensions: number): readonly number[] {
  let state = 2166136261;
  for (let index = 0; index < text.length; index += 1) state = Math.imul(state ^ text.charCodeAt(index), 16777619);
  return Array.from({ length: dimensions }, (_, index) => ((Math.imul(state, index * 2 + 1) >>> 8) % 2048) / 1024 - 1);
}

/** The vector as OpenAI sends it on demand: base64 of little-endian 32-bit floats. */
export function vectorAsBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
