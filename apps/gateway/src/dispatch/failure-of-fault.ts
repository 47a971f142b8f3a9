import { GatewayError } from '@penstock/contracts';
import type { UpstreamFault } from '@penstock/dialects';
import { faultToError } from '@penstock/providers';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { UpstreamFailure } from '../upstream/upstream-failure.ts';

/** Faults of the request itself: the target is well, and another one would say the same. */
const CALLERS_OWN: ReadonlySet<UpstreamFault['fault']> = new Set([
  'bad-request',
  'context-length',
  'content-filter',
  'not-found',
  'conflict',
  'too-large',
]);

/** A fault that an upstream reports within an answer, as it would have been with a status of its own. */
export function failureOfFault(provider: CompiledProvider | null, fault: UpstreamFault): UpstreamFailure {
  const { error, retryable } = faultToError(fault);
  const target = CALLERS_OWN.has(fault.fault) ? 'alive' : 'failed';
  return { error, retryable, target: provider === null ? 'unknown' : target };
}

/** The upstream's answer is not what its dialect promises. */
export function unreadableAnswer(message: string, cause?: unknown): UpstreamFailure {
  return {
    error: new GatewayError('upstream_error', message, { cause }),
    retryable: true,
    target: 'failed',
    isLost: true,
  };
}
