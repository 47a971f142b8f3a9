import { type Failure, type FailureKind, htmlFailure } from '../turn/failure.ts';
import { dottedPath, type Violation } from '../violation.ts';

const failures: Readonly<
  Record<Exclude<FailureKind, 'html'>, readonly [status: number, type: string, message: string]>
> = {
  'rate-limit': [
    429,
    'rate_limit_error',
    "This request would exceed your organization's rate limit of 50 requests per minute.",
  ],
  quota: [
    400,
    'invalid_request_error',
    'You have reached your specified API usage limits. You will regain access on 2026-12-01.',
  ],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
  server: [500, 'api_error', 'Internal server error'],
  auth: [401, 'authentication_error', 'invalid x-api-key'],
  permission: [403, 'permission_error', 'Your API key does not have permission to use the specified resource.'],
  'not-found': [404, 'not_found_error', 'Not found'],
  'context-length': [400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum'],
  'bad-request': [400, 'invalid_request_error', 'messages: at least one message is required'],
  'content-filter': [400, 'invalid_request_error', 'Output blocked by content filtering policy'],
  'too-large': [413, 'request_too_large', 'Request exceeds the maximum size'],
  timeout: [504, 'timeout_error', 'Request timed out'],
};

/** The API's answer to a fault. */
export function failAsAnthropic(kind: FailureKind, model: string): Failure {
  if (kind === 'html') return htmlFailure;
  const [status, type, message] = failures[kind];
  const retry = kind === 'rate-limit' ? { 'retry-after': '7', 'anthropic-ratelimit-requests-remaining': '0' } : {};
  return anthropicError(status, type, kind === 'not-found' ? `model: ${model}` : message, retry);
}

/** The API's answer to a request that breaks its rules: about the first violation only. */
export function refuseAsAnthropic([first]: readonly Violation[]): Failure {
  if (first?.kind === 'credentials') return anthropicError(401, 'authentication_error', first.message);
  return anthropicError(400, 'invalid_request_error', first ? wording(first) : 'Invalid request');
}

function wording({ kind, path, message }: Violation): string {
  const at = dottedPath(path);
  if (kind === 'unknown') return `${at}: Extra inputs are not permitted`;
  if (kind === 'missing') return `${at}: Field required`;
  return kind === 'invalid' ? `${at}: ${message}` : message;
}

function anthropicError(status: number, type: string, message: string, headers: Record<string, string> = {}): Failure {
  return { status, headers, body: { type: 'error', error: { type, message }, request_id: 'req_011CSimulated' } };
}
