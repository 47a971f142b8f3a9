import { GatewayError } from '@penstock/contracts';

export interface UpstreamFailure {
  readonly error: GatewayError;
  /** Whether another target may be tried as long as nothing has been released. */
  readonly retryable: boolean;
  /** What it tells the target's circuit breaker: that it failed, that it is alive, or nothing. */
  readonly target: 'failed' | 'alive' | 'unknown';
  /** The upstream did not say that it failed: once it has begun to answer, it may have generated what did not arrive. */
  readonly isLost?: boolean;
}

const TIMEOUTS: ReadonlyMap<string, string> = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'The upstream could not be connected to in time.'],
  ['UND_ERR_HEADERS_TIMEOUT', 'The upstream did not answer in time.'],
  ['UND_ERR_BODY_TIMEOUT', 'The upstream stopped sending.'],
  ['ETIMEDOUT', 'The upstream could not be connected to in time.'],
  ['TOTAL_TIMEOUT', 'The upstream did not finish in time.'],
]);

const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'The upstream refused the connection.'],
  ['ENOTFOUND', "The upstream's host name could not be resolved."],
  ['EAI_AGAIN', "The upstream's host name could not be resolved."],
  ['ADDRESS_NOT_ALLOWED', "The upstream's address is not allowed."],
  ['UND_ERR_HEADERS_OVERFLOW', "The upstream's response headers are too large."],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'The upstream ended its answer too early.'],
]);

/** What a failed connection or exchange means for the caller. The upstream's address never shows in the message. */
export function readUpstreamFailure(cause: Error): UpstreamFailure {
  const code = codeOf(cause);
  if (code === 'UPSTREAM_QUEUE') {
    const error = new GatewayError('overloaded', 'Too many requests wait for the upstream.', {
      cause,
      retryAfterMs: 1000,
    });
    return { error, retryable: true, target: 'unknown' };
  }
  const timeout = TIMEOUTS.get(code);
  if (timeout) {
    const error = new GatewayError('upstream_timeout', timeout, { cause });
    return { error, retryable: true, target: 'failed', isLost: true };
  }
  const message = MESSAGES.get(code) ?? messageByShape(code);
  const error = new GatewayError('upstream_error', message, { cause });
  return { error, retryable: true, target: 'failed', isLost: true };
}

/** Whether the upstream closed the connection rather than answering: on a reused one it never saw the request. */
export function isClosedConnection(cause: Error): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(cause));
}

function messageByShape(code: string): string {
  if (code.startsWith('HPE_')) return "The upstream's answer is not valid HTTP.";
  if (code.startsWith('ERR_TLS') || code.includes('CERT')) return "The upstream's certificate is not valid.";
  return 'The connection to the upstream broke.';
}

function codeOf(cause: Error): string {
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}
