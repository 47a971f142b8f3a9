import { createHash } from 'node:crypto';

const LENGTH = 9;
const ACCEPTED = /^[A-Za-z0-9]{9}$/;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The id itself where Mistral accepts it, else nine characters that are made of it: the same for a call and its result. */
export function toolCallId(id: string): string {
  if (ACCEPTED.test(id)) return id;
  const digest = createHash('sha256').update(id).digest();
  return Array.from(digest.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
