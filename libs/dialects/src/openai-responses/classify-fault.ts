import type { FaultClass } from '../canonical/canonical-event.ts';

/** What OpenAI and those who copy it call their errors: values of `code`, then of `type`. */
const BY_NAME: ReadonlyMap<string, FaultClass> = new Map([
  ['context_length_exceeded', 'context-length'],
  ['content_filter', 'content-filter'],
  ['content_policy_violation', 'content-filter'],
  ['ResponsibleAIPolicyViolation', 'content-filter'],
  ['image_content_policy_violation', 'content-filter'],
  ['bio_policy', 'content-filter'],
  ['misalignment_policy_violation', 'content-filter'],
  ['insufficient_quota', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['usage_limit_reached', 'quota'],
  ['rate_limit_exceeded', 'rate-limit'],
  ['rate_limit_error', 'rate-limit'],
  ['tokens', 'rate-limit'],
  ['requests', 'rate-limit'],
  ['model_not_found', 'not-found'],
  ['not_found_error', 'not-found'],
  ['invalid_api_key', 'authentication'],
  ['authentication_error', 'authentication'],
  ['permission_error', 'permission'],
  ['server_is_overloaded', 'overloaded'],
  ['overloaded', 'overloaded'],
  ['slow_down', 'overloaded'],
  ['request_too_large', 'too-large'],
  ['invalid_prompt', 'bad-request'],
  ['invalid_encrypted_content', 'bad-request'],
  ['invalid_request_error', 'bad-request'],
  ['BadRequestError', 'bad-request'],
  ['server_error', 'upstream'],
]);

const BY_STATUS: ReadonlyMap<number, FaultClass> = new Map([
  [401, 'authentication'],
  [402, 'quota'],
  [403, 'permission'],
  [404, 'not-found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too-large'],
  [429, 'rate-limit'],
  [503, 'overloaded'],
  [504, 'timeout'],
  [529, 'overloaded'],
]);

const TOO_LONG = /maximum context length|context window/i;
/** Such a name says no more than that the request was refused; the message or the status may know more. */
const VAGUE: ReadonlySet<FaultClass> = new Set(['bad-request', 'upstream']);

interface Names {
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string;
}

/** What class an error is of. `status`: of the answer; 200 for an error within an answer or a stream. */
export function classifyFault(status: number, { code, type, message }: Names): FaultClass {
  const named = BY_NAME.get(code ?? '') ?? BY_NAME.get(type ?? '');
  if (named && !VAGUE.has(named)) return named;
  if (TOO_LONG.test(message)) return 'context-length';
  const byStatus = BY_STATUS.get(status);
  if (byStatus) return byStatus;
  if (status >= 400 && status < 500) return 'bad-request';
  return named ?? 'upstream';
}
