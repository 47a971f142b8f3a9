import type { ModelProfile } from '@penstock/contracts';
import { sha256Hex } from './sha256-hex.ts';

const ILLEGAL = /[^A-Za-z0-9_-]/g;
const HASH_LENGTH = 8;

/**
 * A name that the model takes: itself when it is legal, else cleaned and cut, with 8 hexadecimal digits of the SHA-256 of
 * `identity`, so that different names stay different and the same one is always replaced alike.
 */
export function legalToolName(name: string, rule: ModelProfile['toolNames'], identity = name): string {
  if (identity === name && isLegalToolName(name, rule)) return name;
  const hash = sha256Hex(identity).slice(0, HASH_LENGTH);
  const cleaned = name.replaceAll(ILLEGAL, '_');
  const head = rule.startsWithLetter && !/^[A-Za-z_]/.test(cleaned) ? `_${cleaned}` : cleaned;
  return `${head.slice(0, rule.maxLength - HASH_LENGTH - 1)}_${hash}`;
}

/** Letters, digits, `_` and `-` are taken by all vendors. */
export function isLegalToolName(name: string, { maxLength, startsWithLetter }: ModelProfile['toolNames']): boolean {
  if (name.length === 0 || name.length > maxLength || name.search(ILLEGAL) !== -1) return false;
  return !startsWithLetter || /^[A-Za-z_]/.test(name);
}
