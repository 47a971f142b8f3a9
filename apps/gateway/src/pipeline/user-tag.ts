import type { IncomingHttpHeaders } from 'node:http';
import { parseValue, type RequestFacts } from '@penstock/dialects';

const MAX_LENGTH = 128;
/** The longest text of a tag in JSON, every character escaped, with room for what is trimmed. */
const MAX_BYTES = 16 * MAX_LENGTH;
const CONTROL = /\p{Cc}/gu;
const BEYOND_ASCII = /\P{ASCII}/u;
const QUOTE = 0x22;

/**
 * Whom the caller names as its user: `x-penstock-user`, else the body's top-level `user`; null when neither says anything. Without
 * control characters, trimmed, and at most 128 characters long.
 */
export function userTagOf(headers: IncomingHttpHeaders, body: Buffer, { members }: RequestFacts): string | null {
  const header = headers['x-penstock-user'];
  if (typeof header === 'string' && header !== '') {
    const tag = cleanUserTag(headerText(header));
    if (tag !== null) return tag;
  }
  for (const { key, start, end } of members) {
    if (key !== 'user') continue;
    // Anything but a string is the upstream's to judge.
    if (body[start] !== QUOTE || end - start > MAX_BYTES) return null;
    return cleanUserTag(parseValue(body.toString('utf8', start, end)) as string);
  }
  return null;
}

/** Node gives a header's bytes as Latin-1; clients send UTF-8. */
function headerText(value: string): string {
  if (!BEYOND_ASCII.test(value)) return value;
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? value : text;
}

/** A text as a user's tag: without control characters, trimmed, and at most 128 characters long; null where nothing is left. */
export function cleanUserTag(text: string): string | null {
  const tag = text.replaceAll(CONTROL, '').trim().slice(0, MAX_LENGTH).toWellFormed().trim();
  return tag === '' ? null : tag;
}
