import { createHash } from 'node:crypto';

/** SHA-256 of a text as 64 hexadecimal digits. Text that UTF-8 cannot express is hashed by its units, so that none collide. */
export function sha256Hex(text: string): string {
  const bytes = text.isWellFormed() ? text : Buffer.from(text, 'utf16le');
  return createHash('sha256').update(bytes).digest('hex');
}
