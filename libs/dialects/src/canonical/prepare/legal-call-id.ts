import type { ModelProfile } from '@penstock/contracts';
import { sha256Hex } from './sha256-hex.ts';

type IdRule = ModelProfile['toolIds'];

const ILLEGAL = { any: /(?!)/, word: /[^A-Za-z0-9_-]/, alphanumeric: /[^A-Za-z0-9]/ } as const;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HASH_LENGTH = 8;
/** Shortest limit that leaves room for a part of the caller's id beside the hash. */
const ROOM_FOR_HEAD = 24;

/**
 * An id that the model takes: itself when it is legal, else one made of its SHA-256 alone, so that a call and its result get
 * the same one in every request of a conversation. Where there is room it begins with the caller's own id.
 */
export function legalCallId(id: string, rule: IdRule): string {
  if (isLegalCallId(id, rule)) return id;
  const { characters, minLength, maxLength } = rule;
  if (characters === 'alphanumeric' || maxLength < ROOM_FOR_HEAD) return base62(id, minLength).slice(0, maxLength);
  const hash = base62(id, minLength);
  const head = id.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength - HASH_LENGTH - 1);
  const short = `${head}_${hash.slice(0, HASH_LENGTH)}`;
  return short.length >= minLength ? short : `${head}_${hash}`.slice(0, maxLength);
}

export function isLegalCallId(id: string, { characters, minLength, maxLength }: IdRule): boolean {
  return id.length >= minLength && id.length <= maxLength && !ILLEGAL[characters].test(id);
}

/** At least 40 digits, or as many as are asked for. */
function base62(id: string, minLength: number): string {
  let text = '';
  for (let block = 0; text.length < Math.max(40, minLength); block += 1) {
    const hash = sha256Hex(block === 0 ? id : `${block}:${id}`);
    for (let rest = BigInt(`0x${hash}`); rest > 0n; rest /= 62n) text += DIGITS[Number(rest % 62n)];
  }
  return text;
}
