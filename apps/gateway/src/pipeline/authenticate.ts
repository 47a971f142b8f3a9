import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '@penstock/contracts';
import type { CompiledConfig, CompiledKey } from '../config/compiled-config.ts';
import { hashCredential } from './hash-credential.ts';

/** Longer than any key: what is longer is cut, so that hashing it costs no more than hashing a key. */
const MAX_CREDENTIAL_LENGTH = 512;
const BEARER = /^bearer +/i;
const KEY_HEADERS = ['x-api-key', 'api-key', 'x-goog-api-key'] as const;

export interface Authentication {
  /** Keys the hashes of virtual keys. */
  readonly pepper: KeyObject;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * Finds the virtual key that a request shows. Unknown, malformed, expired and revoked keys cost the same work and give the
 * same error. Headers named by `notKeys` (in lower case) hold something else and are not looked at. Throws GatewayError.
 */
export function authenticate(
  headers: IncomingHttpHeaders,
  config: CompiledConfig,
  services: Authentication,
  notKeys: readonly string[] = [],
): CompiledKey {
  return authenticateCredential(presentedCredential(headers, notKeys), config, services);
}

/** The same for a credential that stands elsewhere. */
export function authenticateCredential(
  credential: string,
  config: CompiledConfig,
  services: Authentication,
): CompiledKey {
  const hash = hashCredential(credential.slice(0, MAX_CREDENTIAL_LENGTH), services.pepper, config);
  const secret = config.keysByHash.get(hash);
  if (!secret || secret.expiresAt <= services.now()) {
    // OpenAI's own words, by which LiteLLM tells a wrong key from a wrong request.
    throw new GatewayError('invalid_api_key', 'Incorrect API key provided.');
  }
  return secret.key;
}

function presentedCredential(headers: IncomingHttpHeaders, notKeys: readonly string[]): string {
  const authorization = notKeys.includes('authorization') ? undefined : headers.authorization;
  let credential = authorization === undefined ? '' : bearerToken(authorization);
  let shown = authorization !== undefined && authorization.trim() !== '' && !/^bearer$/i.test(authorization.trim());
  for (const name of KEY_HEADERS) {
    const value = headers[name];
    if (typeof value !== 'string' || value === '' || notKeys.includes(name)) continue;
    if (shown && value !== credential) {
      throw new GatewayError('ambiguous_credentials', 'The request shows two different credentials.');
    }
    credential = value;
    shown = true;
  }
  if (!shown) {
    throw new GatewayError('missing_api_key', "No API key was sent. Send it as 'Authorization: Bearer <key>'.");
  }
  return credential;
}

/** The token of a bearer credential; '' for any other scheme, which is a credential that no key has. */
function bearerToken(authorization: string): string {
  return BEARER.test(authorization) ? authorization.replace(BEARER, '').trim() : '';
}
