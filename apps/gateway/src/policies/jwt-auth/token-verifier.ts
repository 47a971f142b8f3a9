import { type JwtAlgorithm, type JwtAuth, goDurationMs } from '@penstock/contracts';
import type { PublicKey } from '@penstock/policies';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { z } from 'zod';
import { claimAt, type Claims, claimSays, scopesOf } from './claims.ts';
import { type KeySet, KeysUnavailableError, type SigningKeyName } from './key-set.ts';
import { provenCaller } from './proven-caller.ts';
import type { Verification } from './verified-tokens.ts';

export type JwtAuthParams = z.output<typeof JwtAuth.params>;

/** A token is not what the policy asks for. The message is for the log. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  /** As RFC 6750 §3.1 names it. */
  readonly code: 'invalid_token' | 'insufficient_scope';

  constructor(message: string, code: TokenRefusedError['code'] = 'invalid_token') {
    super(message);
    this.code = code;
  }
}

/** Those who issue tokens, and their keys. */
export interface Issuer {
  readonly name: string;
  /** Undefined: any that no other issuer has. */
  readonly issuer?: string | undefined;
  readonly keys: KeySet;
}

/** What a claim must say: one of the values. */
interface ClaimRule {
  readonly claim: string;
  readonly values: readonly string[];
}

/** Longer ones are not looked at. */
const MAX_TOKEN_LENGTH = 8_192;

/** Verifies tokens: signature, time, issuer, audience, scopes and claims. */
export class TokenVerifier {
  readonly #params: JwtAuthParams;
  readonly #issuers: readonly Issuer[];
  readonly #requiredClaims: readonly ClaimRule[];
  readonly #algorithms: ReadonlySet<string>;
  readonly #leewayMs: number;
  readonly #now: () => number;

  /** `now`: epoch ms. */
  constructor(params: JwtAuthParams, issuers: readonly Issuer[], now: () => number) {
    this.#params = params;
    this.#issuers = issuers;
    this.#requiredClaims = Object.entries(params.requiredClaims ?? {}).map(([claim, value]) => ({
      claim,
      values: [value],
    }));
    this.#algorithms = new Set(params.allowedAlgorithms);
    this.#leewayMs = goDurationMs(params.leeway);
    this.#now = now;
  }

  /**
   * Rejects with {@link TokenRefusedError}, and with {@link KeysUnavailableError} when that depends on keys that cannot be had.
   * `onWait` is told the milliseconds that went to fetching keys.
   */
  async verify(token: string, onWait: (ms: number) => void): Promise<Verification> {
    const { name, issuer } = this.#read(token);
    let unavailable: KeysUnavailableError | null = null;
    for (const { issuer: expected, keys } of this.#issuersOf(issuer)) {
      try {
        const candidates = await waitFor(() => keys.keysFor(name), onWait);
        const { generation } = keys;
        const claims = await this.#claimsOf(token, candidates, expected);
        if (!claims) continue;
        this.#check(claims);
        const notAfter = Number(claims.exp) * 1_000 + this.#leewayMs;
        return { caller: provenCaller(claims, this.#params), notAfter, keys, generation };
      } catch (error) {
        if (!(error instanceof KeysUnavailableError)) throw error;
        unavailable = error;
      }
    }
    throw unavailable ?? new TokenRefusedError('no key of its issuer has signed it');
  }

  /** What a token says of itself before anything of it is verified. */
  #read(token: string): { readonly name: SigningKeyName; readonly issuer: string | undefined } {
    if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefusedError('it is too long');
    try {
      const { alg = '', kid } = decodeProtectedHeader(token);
      if (!this.#algorithms.has(alg)) throw new TokenRefusedError('its algorithm is not allowed');
      const name = { id: typeof kid === 'string' ? kid : null, algorithm: alg as JwtAlgorithm };
      return { name, issuer: decodeJwt(token).iss };
    } catch (error) {
      if (error instanceof TokenRefusedError) throw error;
      throw new TokenRefusedError('it is no signed token');
    }
  }

  /** Who may have issued it; who has no issuer does not speak for those who do. */
  #issuersOf(issuer: string | undefined): readonly Issuer[] {
    const named = this.#issuers.filter((one) => one.issuer !== undefined && one.issuer === issuer);
    const found = named.length > 0 ? named : this.#issuers.filter((one) => one.issuer === undefined);
    if (found.length === 0) throw new TokenRefusedError('its issuer is not known');
    return found;
  }

  /** Null: none of the keys has signed it. */
  async #claimsOf(token: string, keys: readonly PublicKey[], issuer: string | undefined): Promise<Claims | null> {
    const { audiences, allowedAlgorithms } = this.#params;
    const options = {
      algorithms: allowedAlgorithms,
      requiredClaims: ['exp'],
      clockTolerance: this.#leewayMs / 1_000,
      currentDate: new Date(this.#now()),
      ...(issuer !== undefined && { issuer }),
      ...(audiences !== undefined && { audience: audiences }),
    };
    for (const { key } of keys) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) continue;
        throw new TokenRefusedError(error instanceof Error ? error.message : 'it cannot be verified');
      }
    }
    return null;
  }

  #check(claims: Claims): void {
    const { scopes: scopeRules = {}, claims: claimRules = {} } = this.#params;
    const says = ({ claim, values }: ClaimRule): boolean =>
      values.some((value) => claimSays(claimAt(claims, claim), value));
    const wrong = [...this.#requiredClaims, ...(claimRules.allOf ?? [])].find((rule) => !says(rule));
    if (wrong) throw new TokenRefusedError(`its claim '${wrong.claim}' is another one`);
    if (claimRules.anyOf?.some(says) === false) throw new TokenRefusedError('none of its claims is one of anyOf');
    const scopes = scopesOf(claims);
    const has = (scope: string): boolean => scopes.has(scope);
    const missing = [...(this.#params.requiredScopes ?? []), ...(scopeRules.allOf ?? [])].find((scope) => !has(scope));
    if (missing !== undefined) throw new TokenRefusedError(`it has no scope '${missing}'`, 'insufficient_scope');
    if (scopeRules.anyOf?.some(has) === false) {
      throw new TokenRefusedError('it has none of the scopes of anyOf', 'insufficient_scope');
    }
  }
}

async function waitFor<T>(find: () => T | Promise<T>, onWait: (ms: number) => void): Promise<T> {
  const found = find();
  if (!(found instanceof Promise)) return found;
  const startedAt = performance.now();
  try {
    return await found;
  } finally {
    onWait(performance.now() - startedAt);
  }
}
