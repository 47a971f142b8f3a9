import { randomFillSync } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 9;
/** Bytes above this would make some characters likelier than others. */
const UNBIASED = 256 - (256 % ALPHABET.length);

const pool = Buffer.alloc(1024);
let position = pool.length;

/** Nine random characters of [A-Za-z0-9]: an id of a tool call that every vendor accepts. */
export function createId(): string {
  let id = '';
  while (id.length < LENGTH) {
    const byte = nextByte();
    if (byte < UNBIASED) id += ALPHABET[byte % ALPHABET.length];
  }
  return id;
}

function nextByte(): number {
  if (position === pool.length) {
    randomFillSync(pool);
    position = 0;
  }
  position += 1;
  return pool[position - 1] ?? 0;
}
