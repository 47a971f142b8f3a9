import { goDurationMs, JwtAuth } from '@penstock/contracts';
import type { HeadCall, PolicyAnswer } from '../policy.ts';
import { policyFactory, type PolicyServices } from '../policy-factory.ts';
import { KeysUnavailableError, LocalKeySet } from './key-set.ts';
import { admitCaller } from './proven-caller.ts';
import { tokenRefusals } from './token-refusals.ts';
import { type Issuer, type JwtAuthParams, TokenRefusedError, TokenVerifier } from './token-verifier.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/**
 * Admits callers by a signed token. It says who they are, not what they may use of Penstock: unless the proxy asks for no
 * authentication, a virtual key is asked for as well.
 */
export const jwtAuth = policyFactory(JwtAuth, (params, owner, services) => {
  const header = params.headerName.toLowerCase();
  const notKeys: readonly string[] = [header];
  const scheme = params.authHeaderPrefix ?? params.authHeaderScheme;
  const refusals = tokenRefusals(params);
  const tokens = new VerifiedTokens();
  const verifier = new TokenVerifier(params, issuersOf(params, services), services.now);

  const verify = async (call: HeadCall, token: string): Promise<PolicyAnswer | undefined> => {
    const { context } = call;
    try {
      const verification = await verifier.verify(token, (ms) => {
        context.waitedMs += ms;
      });
      tokens.remember(token, verification);
      admitCaller(call, verification.caller);
      return undefined;
    } catch (error) {
      const isRefused = error instanceof TokenRefusedError;
      if (!isRefused && !(error instanceof KeysUnavailableError)) throw error;
      const about = { policy: JwtAuth.name, proxy: owner.proxyName, requestId: context.requestId };
      services.logger.debug({ ...about, reason: error.message }, 'a token was not accepted');
      return isRefused ? refusals[error.code] : refusals.unavailable;
    }
  };

  return {
    name: JwtAuth.name,
    onHead(call) {
      call.notKeys = call.notKeys.length === 0 ? notKeys : [...call.notKeys, header];
      const shown = call.context.request.headers[header];
      const token = typeof shown === 'string' ? withoutScheme(shown.trim(), scheme) : '';
      if (token === '') return refusals.missing;
      const caller = tokens.find(token, services.now());
      if (!caller) return verify(call, token);
      admitCaller(call, caller);
      return undefined;
    },
  };
});

function issuersOf(params: JwtAuthParams, { keySets }: PolicyServices): readonly Issuer[] {
  const { keyManagers, issuers } = params;
  const where = {
    ttlMs: goDurationMs(params.jwksCacheTtl),
    staleMs: goDurationMs(params.jwksStaleFor),
    timeoutMs: goDurationMs(params.jwksFetchTimeout),
  };
  return keyManagers
    .filter(({ name, issuer = '' }) => !issuers || issuers.includes(name) || issuers.includes(issuer))
    .map(({ name, issuer, jwks }) => ({
      name,
      issuer,
      keys: 'local' in jwks ? new LocalKeySet(jwks.local.inline) : keySets.of({ ...where, uri: jwks.remote.uri }),
    }));
}

/** '' where the scheme is missing. It is compared without case (RFC 9110 §11.1). */
function withoutScheme(value: string, scheme: string): string {
  if (scheme === '') return value;
  const start = value.slice(0, scheme.length);
  const rest = value.slice(scheme.length);
  return start.toLowerCase() === scheme.toLowerCase() && rest.startsWith(' ') ? rest.trim() : '';
}
