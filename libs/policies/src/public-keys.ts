import { createPublicKey, type KeyObject, type webcrypto } from 'node:crypto';

/** A key that verifies signatures. */
export interface PublicKey {
  /** By which tokens name it; null: they do not. */
  readonly id: string | null;
  /** The only algorithm that it is for; null: any that fits its type. */
  readonly algorithm: string | null;
  readonly key: KeyObject;
}

/** More than any identity provider has; what comes after these is not looked at. */
const MAX_KEYS = 100;
const LEAST_RSA_BITS = 2_048;
const TYPES: ReadonlySet<string | undefined> = new Set(['rsa', 'rsa-pss', 'ec', 'ed25519']);

/**
 * The keys for signatures in a certificate, a public key (both PEM), or a JWKS, as an object (RFC 7517). Keys of a JWKS that are for
 * something else, that are secret or private, or too weak, are left out. Throws TypeError when none is left.
 */
export function readPublicKeys(source: unknown): readonly PublicKey[] {
  const keys = typeof source === 'string' ? [pemKey(source)] : jwksKeys(source);
  if (keys.length === 0) throw new TypeError('holds no public key for signatures');
  return keys;
}

function pemKey(text: string): PublicKey {
  if (!/^\s*-----BEGIN (?:CERTIFICATE|PUBLIC KEY)-----/.test(text)) throw new TypeError('is no public key');
  const key = publicKey(text);
  if (!key) throw new TypeError('cannot be read as a public key of RSA (2048 bits or more), EC or Ed25519');
  return { id: null, algorithm: null, key };
}

function jwksKeys(source: unknown): readonly PublicKey[] {
  const keys = isObject(source) && Array.isArray(source.keys) ? (source.keys as readonly unknown[]) : [];
  return keys.slice(0, MAX_KEYS).flatMap((jwk) => {
    if (!isObject(jwk) || !verifies(jwk)) return [];
    const key = publicKey({ key: jwk as webcrypto.JsonWebKey, format: 'jwk' });
    if (!key) return [];
    const { kid, alg } = jwk;
    return [{ id: typeof kid === 'string' ? kid : null, algorithm: typeof alg === 'string' ? alg : null, key }];
  });
}

/** A private key that is published is nobody's any more. */
function verifies({ use, key_ops: operations, d, k }: Readonly<Record<string, unknown>>): boolean {
  if (d !== undefined || k !== undefined) return false;
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

/** Null: it is none, or too weak. */
function publicKey(source: Parameters<typeof createPublicKey>[0]): KeyObject | null {
  let key: KeyObject;
  try {
    key = createPublicKey(source);
  } catch {
    // A JWKS may have keys of kinds that are not known here.
    return null;
  }
  if (!TYPES.has(key.asymmetricKeyType)) return null;
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return bits !== undefined && bits < LEAST_RSA_BITS ? null : key;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
