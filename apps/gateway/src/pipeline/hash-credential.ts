import { hash, type KeyObject } from 'node:crypto';
import { hashVirtualKey } from '@penstock/secrets';
import type { CompiledConfig } from '../config/compiled-config.ts';

/** Keys in use that are worth remembering. */
const MAX_REMEMBERED = 10_000;

/**
 * The keyed hash of a presented credential. That of a key is remembered under its plain SHA-256 as long as the config holds,
 * which saves most of the cost of the HMAC; what is not a key, revoked ones included, always costs the same. No credential is kept.
 */
export function hashCredential(credential: string, pepper: KeyObject, config: CompiledConfig): string {
  const { keysByHash, rememberedHashes } = config;
  const digest = hash('sha256', credential, 'base64');
  const remembered = rememberedHashes.get(digest);
  if (remembered !== undefined) return remembered;
  const keyed = hashVirtualKey(credential, pepper);
  if (keysByHash.has(keyed) && rememberedHashes.size < MAX_REMEMBERED) rememberedHashes.set(digest, keyed);
  return keyed;
}
