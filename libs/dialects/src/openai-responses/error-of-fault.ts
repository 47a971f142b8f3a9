import { GatewayError } from '@penstock/contracts';
import type { FaultClass, UpstreamFault } from '../canonical/canonical-event.ts';

const CALLERS_OWN: Partial<Record<FaultClass, number>> = {
  'bad-request': 400,
  'context-length': 400,
  'content-filter': 400,
  'not-found': 404,
  'too-large': 413,
};

/**
 * The error that a fault in a stream of this dialect is to a caller who speaks it, as it would have been with a status of its
 * own: the vendor's names are kept, so that clients know an exhausted quota from a moment's limit. Faults of the credential
 * and of the upstream itself are not the caller's.
 */
export function errorOfFault(fault: UpstreamFault): GatewayError {
  const upstream = { type: fault.type ?? fault.code, code: fault.code ?? fault.type };
  const status = CALLERS_OWN[fault.fault];
  if (status !== undefined) {
    const param = fault.param === null ? {} : { param: fault.param };
    return new GatewayError('upstream_client_error', fault.message, { cause: fault, status, upstream, ...param });
  }
  switch (fault.fault) {
    case 'quota':
    case 'rate-limit': {
      const wait = fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs };
      return new GatewayError('rate_limit_exceeded', fault.message, { cause: fault, upstream, ...wait });
    }
    case 'authentication':
    case 'permission':
      return new GatewayError('upstream_auth_error', 'The upstream refused the credential that is configured for it.', {
        cause: fault,
      });
    case 'timeout':
      return new GatewayError('upstream_timeout', 'The upstream did not answer in time.', { cause: fault });
    default:
      return new GatewayError('upstream_error', 'The upstream failed.', { cause: fault });
  }
}
