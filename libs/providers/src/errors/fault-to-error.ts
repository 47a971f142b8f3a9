import { type ErrorCode, GatewayError } from '@penstock/contracts';
import type { FaultClass, UpstreamFault } from '@penstock/dialects';
import type { ReadError } from '../provider-adapter.ts';

interface FaultRule {
  readonly code: ErrorCode;
  /** Statuses of the upstream that pass as they are; anything else becomes the first of them, or the code's own. */
  readonly statuses?: readonly number[];
  readonly retryable: boolean;
  /** How long the target is left alone that does not say how long. */
  readonly cooldownMs?: number;
  /** What the caller reads; the vendor's own words where it is absent, as the mistake is the caller's. */
  readonly message?: string;
  /** What OpenAI calls it. */
  readonly vendorCode?: string;
}

const QUARTER_HOUR_MS = 900_000;
const MAX_MESSAGE_LENGTH = 2048;

const callersOwn = (statuses: readonly number[], vendorCode?: string): FaultRule => ({
  code: 'upstream_client_error',
  statuses,
  retryable: false,
  ...(vendorCode !== undefined && { vendorCode }),
});
const vendorsOwn = (code: ErrorCode, message: string, cooldownMs?: number): FaultRule => ({
  code,
  retryable: true,
  message,
  ...(cooldownMs !== undefined && { cooldownMs }),
});
const refused = vendorsOwn('upstream_auth_error', 'The upstream refused the credential that is configured for it.');

/**
 * What becomes of each class of failure. The caller's own mistakes pass with their status and words; what is the fault of
 * the upstream, or of the account that an administrator configured, never looks like the caller's.
 */
const RULES: Readonly<Record<FaultClass, FaultRule>> = {
  'bad-request': callersOwn([400, 422]),
  'context-length': callersOwn([400, 413, 422], 'context_length_exceeded'),
  'content-filter': callersOwn([400], 'content_filter'),
  'not-found': callersOwn([404]),
  'too-large': callersOwn([413]),
  authentication: refused,
  permission: refused,
  // An account without means is an administrator's affair, and no retry of the caller mends it.
  quota: vendorsOwn('upstream_auth_error', "The upstream account's quota is used up.", QUARTER_HOUR_MS),
  'rate-limit': vendorsOwn('rate_limit_exceeded', "The upstream's rate limit is reached.", 1000),
  timeout: vendorsOwn('upstream_timeout', 'The upstream did not answer in time.'),
  conflict: vendorsOwn('upstream_error', 'The upstream reported a conflict.'),
  overloaded: vendorsOwn('overloaded', 'The upstream is overloaded.', 1000),
  upstream: vendorsOwn('upstream_error', 'The upstream failed.'),
};

/** The error that a fault of an upstream becomes. `status`: of the answer; 200 for a fault that was told within an answer. */
export function faultToError(fault: UpstreamFault, status = 200): ReadError {
  const rule = RULES[fault.fault];
  const cooldownMs = fault.retryAfterMs ?? rule.cooldownMs;
  return {
    error: errorOf(fault, rule, status),
    retryable: rule.retryable,
    ...(rule.retryable && cooldownMs !== undefined && { cooldownMs }),
  };
}

function errorOf(fault: UpstreamFault, rule: FaultRule, status: number): GatewayError {
  const cause = { status, ...fault, message: fault.message.slice(0, MAX_MESSAGE_LENGTH) };
  const wait = rule.code === 'rate_limit_exceeded' ? fault.retryAfterMs : undefined;
  if (rule.message !== undefined) {
    return new GatewayError(rule.code, rule.message, { cause, ...(wait !== undefined && { retryAfterMs: wait }) });
  }
  const { statuses = [] } = rule;
  const own = statuses.includes(status) ? status : statuses[0];
  return new GatewayError(rule.code, cause.message, {
    cause,
    upstream: { type: fault.type, code: rule.vendorCode ?? fault.code },
    ...(own !== undefined && { status: own }),
    ...(fault.param !== null && { param: fault.param }),
  });
}
