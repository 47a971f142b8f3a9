import { type Failure, type FailureKind, htmlFailure } from '../turn/failure.ts';
import { dottedPath, type Violation } from '../violation.ts';

type Row = readonly [status: number, type: string, message: string];

const failures: Readonly<Record<Exclude<FailureKind, 'html'>, Row>> = {
  'rate-limit': [429, 'ThrottlingException', 'Too many requests, please wait before trying again.'],
  quota: [400, 'ServiceQuotaExceededException', 'Too many tokens per day, please wait before trying again.'],
  overloaded: [503, 'ServiceUnavailableException', 'Bedrock is unable to process your request.'],
  server: [
    500,
    'InternalServerException',
    'The system encountered an unexpected error during processing. Try your request again.',
  ],
  auth: [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  permission: [403, 'AccessDeniedException', "You don't have access to the model with the specified model ID."],
  'not-found': [
    404,
    'ResourceNotFoundException',
    'Could not resolve the foundation model from the provided model identifier.',
  ],
  'context-length': [
    400,
    'ValidationException',
    'The model returned the following errors: Input is too long for requested model.',
  ],
  'bad-request': [400, 'ValidationException', 'Malformed input request, please reformat your input and try again.'],
  'content-filter': [
    400,
    'ValidationException',
    'The model returned the following errors: Output blocked by content filtering policy',
  ],
  'too-large': [413, 'RequestEntityTooLargeException', 'Request entity too large'],
  timeout: [408, 'ModelTimeoutException', 'The model timed out.'],
};

/** Bedrock's answer to a fault. */
export function failAsBedrock(kind: FailureKind): Failure {
  if (kind === 'html') return htmlFailure;
  const [status, type, message] = failures[kind];
  return awsError(status, type, message);
}

/** Bedrock's answer to a request that breaks its rules: about the first violation only. */
export function refuseAsBedrock([first]: readonly Violation[]): Failure {
  if (!first) return awsError(400, 'ValidationException', 'Invalid request');
  if (first.kind === 'credentials')
    return awsError(403, first.code ?? 'MissingAuthenticationTokenException', first.message);
  if (first.kind === 'rule') return awsError(400, 'ValidationException', first.message);
  const message =
    first.kind === 'invalid'
      ? first.message
      : first.kind === 'unknown'
        ? 'extraneous key is not permitted'
        : 'Member must not be null';
  const at = dottedPath(first.path);
  return awsError(
    400,
    'ValidationException',
    `1 validation error detected: Value at '${at}' failed to satisfy constraint: ${message}`,
  );
}

function awsError(status: number, type: string, message: string): Failure {
  return {
    status,
    headers: { 'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
    body: { message },
  };
}
