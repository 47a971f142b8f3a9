import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const MASTER_KEY_BYTES = 32;

/** The master key is missing or unusable; the message says what to do and never shows the key. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

/** Keys of one purpose each, all derived from the master key. */
export interface DerivedKeys {
  /** Keys the hashes of virtual keys and admin tokens. */
  readonly virtualKeyPepper: KeyObject;
  /** Wraps the data keys of sealed credentials. */
  readonly credentialKey: KeyObject;
  /** Names the credential key without telling anything about it; written into every sealed credential. */
  readonly credentialKeyId: string;
  /** Signs snapshots. */
  readonly snapshotKey: KeyObject;
  /** Signs the console's session and CSRF cookies. */
  readonly sessionKey: KeyObject;
  /** Keys the fingerprints of secrets in audit rows. */
  readonly fingerprintKey: KeyObject;
}

/** Reads a master key: the base64 (or base64url) of exactly 32 bytes. Throws {@link MasterKeyError}. */
export function parseMasterKey(text: string | undefined): Buffer {
  const trimmed = text?.trim() ?? '';
  const hint = 'it must be the base64 of 32 random bytes, for example from `openssl rand -base64 32`';
  if (trimmed === '') throw new MasterKeyError(`The master key is missing: ${hint}.`);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)) throw new MasterKeyError(`The master key is not base64: ${hint}.`);
  const bytes = Buffer.from(trimmed, 'base64');
  if (bytes.length !== MASTER_KEY_BYTES) {
    throw new MasterKeyError(`The master key has ${bytes.length} bytes instead of ${MASTER_KEY_BYTES}: ${hint}.`);
  }
  return bytes;
}

/** Derives every key from the master key (base64, 32 bytes) with HKDF-SHA256. Throws {@link MasterKeyError}. */
export function deriveKeys(masterKey: string | undefined): DerivedKeys {
  const master = parseMasterKey(masterKey);
  const derive = (purpose: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', master, 'penstock', `penstock/v1/${purpose}`, 32)));
  const credentialKey = derive('credential');
  return {
    virtualKeyPepper: derive('virtual-key'),
    credentialKey,
    credentialKeyId: keyId(credentialKey),
    snapshotKey: derive('snapshot'),
    sessionKey: derive('session'),
    fingerprintKey: derive('fingerprint'),
  };
}

function keyId(key: KeyObject): string {
  return createHash('sha256').update('penstock/key-id').update(key.export()).digest('base64url').slice(0, 12);
}
