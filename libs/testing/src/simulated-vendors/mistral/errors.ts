import { type Failure, type FailureKind, htmlFailure } from '../turn/failure.ts';
import type { Violation } from '../violation.ts';

type Row = readonly [status: number, type: string, code: string | null, message: string];

const failures: Readonly<Record<Exclude<FailureKind, 'html' | 'auth'>, Row>> = {
  'rate-limit': [429, 'rate_limited', '1300', 'Rate limit exceeded'],
  quota: [429, 'service_tier_capacity_exceeded', '3505', 'Service tier capacity exceeded for this model.'],
  overloaded: [503, 'internal_server_error', '3700', 'Service unavailable.'],
  server: [500, 'internal_server_error', '1000', 'Internal server error'],
  permission: [403, 'invalid_request_error', '1910', 'Your subscription does not include this model.'],
  'not-found': [400, 'invalid_model', '1500', 'Invalid model: '],
  'context-length': [
    400,
    'invalid_request_prompt',
    '3051',
    'Prompt contains 140021 tokens and 0 draft tokens, too large for model with 131072 maximum context length',
  ],
  'bad-request': [400, 'invalid_request_error', '3000', 'Bad request'],
  'content-filter': [403, 'moderation_blocked', '3800', 'The request was blocked by guardrails.'],
  'too-large': [413, 'invalid_request_error', null, 'Request too large'],
  timeout: [504, 'internal_server_error', null, 'upstream request timeout'],
};

/** Mistral's answer to a fault. A wrong key is told by the proxy in front, in a shape of its own. */
export function failAsMistral(kind: FailureKind, model: string): Failure {
  if (kind === 'html') return htmlFailure;
  if (kind === 'auth') return unauthorized;
  const [status, type, code, message] = failures[kind];
  return mistralError(status, { message: kind === 'not-found' ? `${message}${model}` : message, type, code });
}

const unauthorized: Failure = { status: 401, headers: {}, body: { detail: 'Unauthorized' } };

/** Mistral's answer to a request that breaks its rules: 422 with all faults of the form, 400 for broken rules. */
export function refuseAsMistral(violations: readonly Violation[]): Failure {
  const [first] = violations;
  if (first?.kind === 'credentials') return unauthorized;
  if (first?.kind === 'rule') {
    const type = first.code === '3230' ? 'invalid_request_message_order' : 'invalid_request_error';
    return mistralError(400, { message: first.message, type, code: first.code ?? '3000' });
  }
  const types = { unknown: 'extra_forbidden', missing: 'missing', invalid: 'value_error' } as const;
  const words = { unknown: 'Extra inputs are not permitted', missing: 'Field required' } as const;
  const detail = violations.flatMap(({ kind, path, message }) => {
    if (kind === 'rule' || kind === 'credentials') return [];
    return [
      { type: types[kind], loc: ['body', ...path], msg: kind === 'invalid' ? message : words[kind], input: null },
    ];
  });
  return mistralError(422, { message: { detail }, type: 'invalid_request_error', code: null });
}

function mistralError(
  status: number,
  { message, type, code }: { message: unknown; type: string; code: string | null },
): Failure {
  return { status, headers: {}, body: { object: 'error', message, type, param: null, code, raw_status_code: status } };
}
