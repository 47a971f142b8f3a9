import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** One key of an identity provider, made anew for each test. */
export interface IssuerKey {
  readonly id: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function createIssuerKey(id: string, algorithm: IssuerKey['algorithm'] = 'ES256'): IssuerKey {
  const pair =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { id, algorithm, ...pair };
}

/** What is published of keys (RFC 7517). */
export function jwksOf(...keys: readonly IssuerKey[]): { readonly keys: readonly object[] } {
  return {
    keys: keys.map(({ id, algorithm, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid: id,
      alg: algorithm,
      use: 'sig',
    })),
  };
}

/** A token that a key has signed (RFC 7515); `kid` may be another one, or null for none. */
export function signToken(key: IssuerKey, claims: object, kid: string | null = key.id): string {
  const header = { alg: key.algorithm, typ: 'JWT', ...(kid !== null && { kid }) };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
