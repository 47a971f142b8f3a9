import type { FaultClass, UpstreamFault } from '../canonical/canonical-event.ts';
import type { ResponseState } from './schema.ts';

const CODES: Partial<Record<FaultClass, string>> = {
  'bad-request': 'invalid_prompt',
  'content-filter': 'invalid_prompt',
  'too-large': 'invalid_prompt',
  'context-length': 'context_length_exceeded',
  'rate-limit': 'rate_limit_exceeded',
};

/** `response.error` for a fault of the upstream. Its own words are only for callers whose mistake it is. */
export function faultResponseError({ fault, message }: UpstreamFault): NonNullable<ResponseState['error']> {
  const code = CODES[fault];
  if (code === undefined) return { code: 'server_error', message: 'The upstream failed.' };
  return { code, message: fault === 'rate-limit' ? "The upstream's rate limit is reached." : message };
}
