import type { ErrorCode, GatewayError } from '@penstock/contracts';

/** As the policy's parameters name failures. */
export type FailureClass =
  | 'server-error'
  | 'rate-limit'
  | 'timeout'
  | 'unreachable'
  | 'authentication'
  | 'context-length';

/** What the upstream said of itself; see `faultToError`. */
const BY_FAULT: ReadonlyMap<unknown, FailureClass> = new Map([
  ['context-length', 'context-length'],
  ['authentication', 'authentication'],
  ['permission', 'authentication'],
  ['quota', 'rate-limit'],
  ['rate-limit', 'rate-limit'],
  ['timeout', 'timeout'],
  ['conflict', 'server-error'],
  ['overloaded', 'server-error'],
  ['upstream', 'server-error'],
]);

const BY_CODE: Partial<Readonly<Record<ErrorCode, FailureClass>>> = {
  upstream_timeout: 'timeout',
  upstream_auth_error: 'authentication',
  rate_limit_exceeded: 'rate-limit',
  insufficient_quota: 'rate-limit',
  overloaded: 'server-error',
};

/** The class of a target's failure; null for the caller's own mistakes, which no other target mends. */
export function failureClassOf({ code, cause }: GatewayError): FailureClass | null {
  const told = typeof cause === 'object' && cause !== null && 'fault' in cause ? BY_FAULT.get(cause.fault) : undefined;
  if (told) return told;
  // Sockets throw; an answer that cannot be used is the server's.
  if (code === 'upstream_error') return cause instanceof Error && 'code' in cause ? 'unreachable' : 'server-error';
  return BY_CODE[code] ?? null;
}
