import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { DerivedKeys } from './master-key.ts';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
const MAX_PLAINTEXT_BYTES = 64 * 1024;

type CredentialKeys = Pick<DerivedKeys, 'credentialKey' | 'credentialKeyId'>;

/** What a sealed credential is bound to: it cannot be opened as another provider's. */
export interface CredentialOwner {
  readonly organizationId: string;
  readonly providerId: string;
}

/** A credential cannot be sealed or opened; the message holds nothing secret. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/**
 * Seals a credential of at most 64 KiB: `v1.<key id>.<wrapped data key>.<ciphertext>`, both AES-256-GCM, base64url. Each
 * credential has a data key of its own, wrapped by the key-encryption key, so that a new master key means wrapping anew only.
 */
export function sealCredential(plaintext: string, keys: CredentialKeys, owner: CredentialOwner): string {
  const bytes = Buffer.from(plaintext, 'utf8');
  if (bytes.length > MAX_PLAINTEXT_BYTES) throw new CredentialError('The credential is larger than 64 KiB.');
  const dataKey = randomBytes(DATA_KEY_BYTES);
  const context = contextOf(keys.credentialKeyId, owner);
  const wrapped = encrypt(dataKey, keys.credentialKey, `data-key ${context}`);
  const sealed = encrypt(bytes, dataKey, `credential ${context}`);
  dataKey.fill(0);
  return [VERSION, keys.credentialKeyId, wrapped.toString('base64url'), sealed.toString('base64url')].join('.');
}

/** Opens what {@link sealCredential} made. Throws {@link CredentialError} for another key, another owner or changed text. */
export function openCredential(sealed: string, keys: CredentialKeys, owner: CredentialOwner): string {
  const [version, keyId, wrapped, ciphertext, ...rest] = sealed.split('.');
  if (version !== VERSION || !keyId || !wrapped || !ciphertext || rest.length > 0) {
    throw new CredentialError('The sealed credential has an unknown format.');
  }
  if (keyId !== keys.credentialKeyId) throw new CredentialError('The credential was sealed under another master key.');
  const context = contextOf(keyId, owner);
  try {
    const dataKey = decrypt(Buffer.from(wrapped, 'base64url'), keys.credentialKey, `data-key ${context}`);
    const plaintext = decrypt(Buffer.from(ciphertext, 'base64url'), dataKey, `credential ${context}`);
    dataKey.fill(0);
    return plaintext.toString('utf8');
  } catch (error) {
    throw new CredentialError('The sealed credential belongs to another provider or was changed.', { cause: error });
  }
}

function contextOf(keyId: string, owner: CredentialOwner): string {
  return JSON.stringify([VERSION, keyId, owner.organizationId, owner.providerId]);
}

function encrypt(plaintext: Buffer, key: KeyObject | Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(sealed: Buffer, key: KeyObject | Buffer, context: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new RangeError('the ciphertext is too short');
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
