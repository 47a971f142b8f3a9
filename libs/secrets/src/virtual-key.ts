import { createHmac, type KeyObject } from 'node:crypto';
import { type CreatedKey, KeyFormat, type ParsedKey, type RandomBytes } from './key-format.ts';

const format = new KeyFormat('psk');

/** Makes a virtual key, `psk_<id>_<secret>_<checksum>`. */
export function createVirtualKey(random?: RandomBytes): CreatedKey {
  return format.create(random);
}

/** The public parts of a well-formed virtual key, or undefined; never throws. The checksum is verified, the secret is not. */
export function parseVirtualKey(text: unknown): ParsedKey | undefined {
  return format.parse(text);
}

/** The only form in which a virtual key is kept: HMAC-SHA256 of the whole key under the pepper, base64url. */
export function hashVirtualKey(key: string, pepper: KeyObject): string {
  return createHmac('sha256', pepper).update(key).digest('base64url');
}
