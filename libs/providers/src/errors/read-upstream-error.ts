import type { DialectCodec, FaultClass, UpstreamFault } from '@penstock/dialects';
import type { HeaderMap, ReadError } from '../provider-adapter.ts';
import { faultToError } from './fault-to-error.ts';
import { readRetryAfter } from './read-retry-after.ts';

const CLASS_BY_STATUS: ReadonlyMap<number, FaultClass> = new Map([
  [400, 'bad-request'],
  [401, 'authentication'],
  [402, 'quota'],
  [403, 'permission'],
  [404, 'not-found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too-large'],
  [422, 'bad-request'],
  [429, 'rate-limit'],
  [503, 'overloaded'],
  [504, 'timeout'],
  [529, 'overloaded'],
]);

/** What a body may say of itself, whatever the status: the caller's own mistakes. */
const CALLERS_OWN: ReadonlySet<FaultClass> = new Set([
  'bad-request',
  'context-length',
  'content-filter',
  'not-found',
  'too-large',
]);

/**
 * An adapter's `readError` for a vendor whose error bodies the codec of its dialect reads. `words: 'kept'`: the vendor's own types and codes
 * mean nothing to callers of other vendors, so they do not leave the gateway.
 */
export function upstreamErrorReader(codec: Pick<DialectCodec, 'readFault'>, words: 'relayed' | 'kept' = 'relayed') {
  return (status: number, headers: HeaderMap, body: string): ReadError => {
    const byStatus = CLASS_BY_STATUS.get(status) ?? 'upstream';
    const told = codec.readFault(status, body);
    const read = told && words === 'kept' ? { ...told, type: null, code: null } : told;
    const fault = read ? { ...read, fault: trusted(read.fault, byStatus, status) } : unreadable(status, byStatus);
    const retryAfterMs = readRetryAfter(headers) ?? fault.retryAfterMs;
    return faultToError({ ...fault, ...(retryAfterMs !== undefined && { retryAfterMs }) }, status);
  };
}

/** A refused credential and a failure of the server are what the status says, however the body puts it. */
function trusted(told: FaultClass, byStatus: FaultClass, status: number): FaultClass {
  if (told === 'quota') return told;
  if (status === 401 || status === 403) return byStatus;
  return CALLERS_OWN.has(told) && !CALLERS_OWN.has(byStatus) ? byStatus : told;
}

function unreadable(status: number, fault: FaultClass): UpstreamFault {
  return { fault, message: `The upstream answered with status ${status}.`, type: null, code: null, param: null };
}
