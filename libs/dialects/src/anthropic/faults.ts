import { type ErrorCode, GatewayError } from '@penstock/contracts';
import type { FaultClass, UpstreamFault } from '../canonical/canonical-event.ts';
import type { ErrorType } from './schema.ts';

/** What class of failure each of Anthropic's error types is. */
export const FAULT_OF_TYPE: Readonly<Record<ErrorType, FaultClass>> = {
  invalid_request_error: 'bad-request',
  authentication_error: 'authentication',
  billing_error: 'quota',
  permission_error: 'permission',
  not_found_error: 'not-found',
  conflict_error: 'conflict',
  request_too_large: 'too-large',
  rate_limit_error: 'rate-limit',
  timeout_error: 'timeout',
  api_error: 'upstream',
  overloaded_error: 'overloaded',
};

interface FaultMeaning {
  readonly code: ErrorCode;
  readonly type: ErrorType;
  /** Status of a caller's own mistake, which is relayed; others get the status of their code. */
  readonly status?: number;
  /** What a caller reads in place of the vendor's message, which may speak of the gateway's account. */
  readonly message?: string;
}

const own = (status: number, type: ErrorType): FaultMeaning => ({ code: 'upstream_client_error', type, status });

/** What each class is to a caller (research: the provider's credentials and quota are not the caller's fault, so never 401). */
const MEANINGS: Readonly<Record<FaultClass, FaultMeaning>> = {
  'bad-request': own(400, 'invalid_request_error'),
  'context-length': own(400, 'invalid_request_error'),
  'content-filter': own(400, 'invalid_request_error'),
  'not-found': own(404, 'not_found_error'),
  conflict: own(409, 'conflict_error'),
  'too-large': own(413, 'request_too_large'),
  authentication: { code: 'upstream_auth_error', type: 'api_error', message: 'The upstream refused its credential.' },
  permission: { code: 'upstream_auth_error', type: 'api_error', message: 'The upstream refused its credential.' },
  quota: { code: 'upstream_auth_error', type: 'api_error', message: "The upstream's own quota is exhausted." },
  timeout: { code: 'upstream_timeout', type: 'timeout_error', message: 'The upstream did not answer in time.' },
  'rate-limit': { code: 'rate_limit_exceeded', type: 'rate_limit_error', message: 'The upstream limits its rate.' },
  overloaded: { code: 'overloaded', type: 'overloaded_error', status: 529, message: 'The upstream is overloaded.' },
  upstream: { code: 'upstream_error', type: 'api_error', message: 'The upstream reported an error.' },
};

/** The error that a failure of the upstream is to a caller who speaks Anthropic's dialect. */
export function gatewayErrorOf(fault: UpstreamFault): GatewayError {
  const { code, status, message, type } = MEANINGS[fault.fault];
  const upstream = { type, code: fault.fault === 'context-length' ? 'context_length_exceeded' : fault.code };
  return new GatewayError(code, message ?? fault.message, {
    upstream,
    ...(status === undefined ? {} : { status }),
    ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
  });
}

/** A failure that no vendor reported: its answer cannot be understood, or is cut off. */
export function brokenAnswer(message: string): UpstreamFault {
  return { fault: 'upstream', message, type: null, code: null, param: null };
}
