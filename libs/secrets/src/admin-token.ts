import { createHmac, type KeyObject } from 'node:crypto';
import { type CreatedKey, KeyFormat, type ParsedKey, type RandomBytes } from './key-format.ts';

const format = new KeyFormat('pat');

/** Makes an admin token, `pat_<id>_<secret>_<checksum>`. */
export function createAdminToken(random?: RandomBytes): CreatedKey {
  return format.create(random);
}

/** The public parts of a well-formed admin token, or undefined; never throws. */
export function parseAdminToken(text: unknown): ParsedKey | undefined {
  return format.parse(text);
}

/** The only form in which an admin token is kept: HMAC-SHA256 of the whole token under the pepper, base64url. */
export function hashAdminToken(token: string, pepper: KeyObject): string {
  return createHmac('sha256', pepper).update(token).digest('base64url');
}
