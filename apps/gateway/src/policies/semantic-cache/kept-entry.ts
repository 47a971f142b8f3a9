import { randomBytes } from 'node:crypto';
import { endianness } from 'node:os';
import type { KeptVector } from './similar-answer-store.ts';

/** Bytes of the time, of the id, and of one number. */
const TIME = 8;
const ID = 12;
const HEAD = TIME + ID;
const NUMBER = 4;
const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Bytes of an entry in Redis. */
export function entryBytes(dimensions: number): number {
  return HEAD + dimensions * NUMBER;
}

/** An entry for a vector, until an epoch time in ms: the time, a random id, and the numbers as float32, all little-endian. */
export function writeEntry(vector: Float32Array, expiresAt: number): { readonly id: string; readonly bytes: Buffer } {
  const bytes = Buffer.alloc(entryBytes(vector.length));
  bytes.writeDoubleLE(expiresAt, 0);
  const id = randomBytes(ID);
  id.copy(bytes, TIME);
  for (let index = 0; index < vector.length; index += 1)
    bytes.writeFloatLE(vector[index] as number, HEAD + index * NUMBER);
  return { id: id.toString('base64url'), bytes };
}

/** What an entry holds; null: it has expired, or is none of so many numbers. */
export function readEntry(
  bytes: Buffer,
  { dimensions, now }: { readonly dimensions: number; readonly now: number },
): KeptVector | null {
  if (bytes.length !== entryBytes(dimensions) || bytes.readDoubleLE(0) <= now) return null;
  const vector = new Float32Array(dimensions);
  const raw = Buffer.from(vector.buffer);
  bytes.copy(raw, 0, HEAD);
  if (!IS_LITTLE_ENDIAN) raw.swap32();
  return { id: bytes.toString('base64url', TIME, HEAD), vector };
}
