import { type Failure, type FailureKind, htmlFailure } from '../turn/failure.ts';
import { bracketPath, type Violation } from '../violation.ts';

type Row = readonly [status: number, type: string, message: string];

const failures: Readonly<Record<Exclude<FailureKind, 'html' | 'auth'>, Row>> = {
  // vLLM itself limits nothing; the proxies that stand before it do.
  'rate-limit': [429, 'TooManyRequestsError', 'Too many requests.'],
  quota: [429, 'insufficient_quota', 'You exceeded your current quota.'],
  overloaded: [503, 'ServiceUnavailableError', 'The server is overloaded, please try again later.'],
  server: [500, 'InternalServerError', 'EngineCore encountered an issue. See stack trace (above) for the root cause.'],
  permission: [403, 'PermissionDeniedError', 'Forbidden'],
  'not-found': [404, 'NotFoundError', 'does not exist.'],
  'context-length': [
    400,
    'BadRequestError',
    "This model's maximum context length is 32768 tokens. However, your request has 40021 input tokens. Please reduce the length of the input messages.",
  ],
  'bad-request': [400, 'BadRequestError', 'Cannot apply chat template: conversation roles must alternate.'],
  'content-filter': [400, 'BadRequestError', 'The request was refused by a content filter.'],
  'too-large': [413, 'RequestEntityTooLarge', 'Request Entity Too Large'],
  timeout: [504, 'GatewayTimeout', 'The upstream server is timing out.'],
};

/** vLLM's answer to a fault. A wrong key is told in a shape of its own. */
export function failAsVllm(kind: FailureKind, model: string): Failure {
  if (kind === 'html') return htmlFailure;
  if (kind === 'auth') return { status: 401, headers: {}, body: { error: 'Unauthorized' } };
  const [status, type, message] = failures[kind];
  return vllmError(status, type, kind === 'not-found' ? `The model \`${model}\` ${message}` : message);
}

/** vLLM's answer to a request that breaks its rules: about the first violation only. */
export function refuseAsVllm([first]: readonly Violation[]): Failure {
  if (first?.kind === 'credentials') return failAsVllm('auth', '');
  return vllmError(400, 'BadRequestError', first ? `${bracketPath(first.path)}: ${first.message}` : 'Invalid request');
}

export function vllmError(status: number, type: string, message: string): Failure {
  return { status, headers: {}, body: { error: { message, type, param: null, code: status } } };
}
