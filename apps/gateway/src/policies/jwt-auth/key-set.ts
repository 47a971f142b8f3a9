import type { JwtAlgorithm } from '@penstock/contracts';
import { type PublicKey, readPublicKeys } from '@penstock/policies';

/** What a token says of the key that signed it. */
export interface SigningKeyName {
  readonly id: string | null;
  readonly algorithm: JwtAlgorithm;
}

/** No key can be had at the moment, so that nothing can be said of any token. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** The keys of an issuer. */
export interface KeySet {
  /** Changes with the keys: what was verified before may have been signed by one that is no more. */
  readonly generation: number;
  /** Whether keys of that generation may still be trusted. */
  isCurrent(generation: number): boolean;
  /** Those that may have signed a token; a promise only where they have to be fetched. Throws or rejects with {@link KeysUnavailableError}. */
  keysFor(name: SigningKeyName): readonly PublicKey[] | Promise<readonly PublicKey[]>;
}

/** Keys that stand in the configuration. */
export class LocalKeySet implements KeySet {
  readonly generation = 0;
  readonly #keys: readonly PublicKey[];

  /** Throws TypeError when it holds no key. */
  constructor(source: unknown) {
    this.#keys = readPublicKeys(source);
  }

  isCurrent(): boolean {
    return true;
  }

  keysFor(name: SigningKeyName): readonly PublicKey[] {
    return keysNamed(this.#keys, name);
  }
}

/** A token without a key's name may be tried with so many. */
const MAX_TRIED = 10;
const CURVES: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

/** The keys that fit a name: by their id, if both have one, and by type. */
export function keysNamed(keys: readonly PublicKey[], { id, algorithm }: SigningKeyName): readonly PublicKey[] {
  return keys
    .filter((key) => id === null || key.id === null || key.id === id)
    .filter((key) => (key.algorithm === null || key.algorithm === algorithm) && fits(key, algorithm))
    .slice(0, MAX_TRIED);
}

function fits({ key }: PublicKey, algorithm: JwtAlgorithm): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (algorithm === 'EdDSA') return type === 'ed25519';
  if (algorithm.startsWith('ES')) return type === 'ec' && details?.namedCurve === CURVES[algorithm];
  return type === 'rsa' || (type === 'rsa-pss' && algorithm.startsWith('PS'));
}
