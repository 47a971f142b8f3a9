import type { HeaderList } from '../../http/write-response.ts';
import type { PolicyAnswer } from '../policy.ts';
import type { JwtAuthParams, TokenRefusedError } from './token-verifier.ts';

/** What callers are told, made once. */
export interface TokenRefusals {
  readonly missing: PolicyAnswer;
  readonly invalid_token: PolicyAnswer;
  readonly insufficient_scope: PolicyAnswer;
  /** Nothing can be said of any token. */
  readonly unavailable: PolicyAnswer;
}

const NAMES = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' } as const;
const UNAVAILABLE = 'Tokens cannot be verified at the moment';
/** Waiting does not help against any of these. */
const HOPELESS: HeaderList = ['x-should-retry', 'false'];

export function tokenRefusals(params: JwtAuthParams): TokenRefusals {
  const { onFailureStatusCode: status, errorMessage, requiredScopes = [], scopes = {} } = params;
  const challenge = (text: string): PolicyAnswer =>
    answer(params, status, errorMessage, ['www-authenticate', `Bearer${text}`, ...HOPELESS]);
  const refused = (code: TokenRefusedError['code'], more = ''): PolicyAnswer => challenge(` error="${code}"${more}`);
  const wanted = [...requiredScopes, ...(scopes.allOf ?? []), ...(scopes.anyOf ?? [])];
  const scope = wanted.filter((name) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name)).join(' ');
  return {
    missing: challenge(''),
    invalid_token: refused('invalid_token'),
    insufficient_scope: refused('insufficient_scope', `, scope="${scope}"`),
    unavailable: answer(params, 503, UNAVAILABLE, ['retry-after', '5']),
  };
}

function answer(
  { errorMessageFormat }: JwtAuthParams,
  status: keyof typeof NAMES,
  message: string,
  headers: HeaderList,
): PolicyAnswer {
  const bodies = {
    json: JSON.stringify({ error: NAMES[status], message }),
    plain: message,
    minimal: NAMES[status],
  };
  const contentType = errorMessageFormat === 'json' ? 'application/json' : 'text/plain; charset=utf-8';
  return { status, contentType, body: Buffer.from(bodies[errorMessageFormat]), headers };
}
