import type { ProviderTest } from '@penstock/contracts';

type Failure = Pick<ProviderTest, 'code' | 'reason'>;

const FAILURES: Readonly<Record<string, Failure>> = {
  ADDRESS_NOT_ALLOWED: { code: 'not_allowed', reason: 'The address may not be dialled from here.' },
  ANSWER_TOO_LARGE: { code: 'unexpected_answer', reason: 'The provider answered with more than 2 MiB.' },
  ENOTFOUND: { code: 'dns', reason: 'The host name does not exist.' },
  EAI_AGAIN: { code: 'dns', reason: 'The host name could not be resolved.' },
  ECONNREFUSED: { code: 'unreachable', reason: 'Nothing listens at this address and port.' },
  EHOSTUNREACH: { code: 'unreachable', reason: 'The host cannot be reached.' },
  ENETUNREACH: { code: 'unreachable', reason: 'The network cannot be reached.' },
  ECONNRESET: { code: 'unreachable', reason: 'The provider closed the connection.' },
  UND_ERR_SOCKET: { code: 'unreachable', reason: 'The provider closed the connection.' },
  ETIMEDOUT: { code: 'timeout', reason: 'The provider does not answer in time.' },
  UND_ERR_CONNECT_TIMEOUT: { code: 'timeout', reason: 'The provider does not answer in time.' },
  UND_ERR_HEADERS_TIMEOUT: { code: 'timeout', reason: 'The provider does not answer in time.' },
  UND_ERR_BODY_TIMEOUT: { code: 'timeout', reason: 'The provider does not answer in time.' },
};

/** What went wrong with a connection, in words for the admin; never with a resolved address. */
export function describeFailure(error: unknown): Failure {
  for (let cause: unknown = error; cause instanceof Error; cause = causeOf(cause)) {
    if (cause.name === 'TimeoutError') return { code: 'timeout', reason: 'The provider does not answer in time.' };
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    const known = FAILURES[code];
    if (known) return known;
    if (/^(ERR_TLS|ERR_SSL|CERT|DEPTH|UNABLE_TO|SELF_SIGNED|EPROTO)/.test(code)) {
      return {
        code: 'tls',
        reason: 'The TLS connection failed: the certificate is not trusted, or the port speaks no TLS.',
      };
    }
  }
  return { code: 'unexpected_answer', reason: 'The provider does not speak HTTP as expected.' };
}

/** Several addresses tried at once fail with one error that holds them all. */
function causeOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}
