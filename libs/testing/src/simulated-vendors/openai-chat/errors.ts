import { type Failure, type FailureKind, htmlFailure } from '../turn/failure.ts';
import { bracketPath, type Violation } from '../violation.ts';

type Row = readonly [status: number, type: string, code: string | null, message: string, param?: string];

const failures: Readonly<Record<Exclude<FailureKind, 'html'>, Row>> = {
  'rate-limit': [
    429,
    'requests',
    'rate_limit_exceeded',
    'Rate limit reached for model in organization org-simulated on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 7s.',
  ],
  quota: [
    429,
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ],
  overloaded: [503, 'server_error', null, 'The server is currently overloaded. Please try again later.'],
  server: [500, 'server_error', null, 'The server had an error while processing your request. Sorry about that!'],
  auth: [401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided: sk-sim***ated.'],
  permission: [
    403,
    'invalid_request_error',
    'model_not_found',
    'Project `proj_simulated` does not have access to the model.',
  ],
  'not-found': [
    404,
    'invalid_request_error',
    'model_not_found',
    'does not exist or you do not have access to it.',
    'model',
  ],
  'context-length': [
    400,
    'invalid_request_error',
    'context_length_exceeded',
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 130020 tokens.",
    'messages',
  ],
  'bad-request': [400, 'invalid_request_error', null, "Invalid type for 'messages': expected an array.", 'messages'],
  'content-filter': [
    400,
    'invalid_request_error',
    'content_policy_violation',
    'Your request was rejected as a result of our safety system.',
  ],
  'too-large': [413, 'invalid_request_error', null, 'The request body is too large.'],
  timeout: [504, 'server_error', null, 'The request timed out.'],
};

/** OpenAI's answer to a fault. */
export function failAsOpenAi(kind: FailureKind, model: string): Failure {
  if (kind === 'html') return htmlFailure;
  const [status, type, code, message, param] = failures[kind];
  const text = kind === 'not-found' ? `The model \`${model}\` ${message}` : message;
  const headers: Record<string, string> =
    kind === 'rate-limit'
      ? { 'retry-after': '7', 'retry-after-ms': '7000', 'x-ratelimit-remaining-requests': '0' }
      : {};
  return openAiError({ status, type, code, message: text, param: param ?? null }, headers);
}

/** OpenAI's answer to a request that breaks its rules: about the first violation only. */
export function refuseAsOpenAi([first]: readonly Violation[]): Failure {
  const type = 'invalid_request_error';
  if (first?.kind === 'credentials')
    return openAiError({ status: 401, type, code: null, message: first.message, param: null });
  const param = first ? bracketPath(first.path) : null;
  const { code, message } = first ? wording(first) : { code: null, message: 'Invalid request' };
  return openAiError({ status: 400, type, code, message, param });
}

function wording(violation: Violation): { code: string | null; message: string } {
  const { kind, message, code = null } = violation;
  const param = bracketPath(violation.path);
  if (kind === 'unknown') return { code: 'unknown_parameter', message: `Unknown parameter: '${param}'.` };
  if (kind === 'missing')
    return { code: 'missing_required_parameter', message: `Missing required parameter: '${param}'.` };
  if (kind === 'rule') return { code, message };
  const invalid = message.startsWith('empty array') ? 'empty_array' : 'invalid_value';
  return { code: invalid, message: `Invalid '${param}': ${message}.` };
}

interface OpenAiError {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
}

function openAiError(
  { status, message, type, param, code }: OpenAiError,
  headers: Record<string, string> = {},
): Failure {
  return { status, headers, body: { error: { message, type, param, code } } };
}
