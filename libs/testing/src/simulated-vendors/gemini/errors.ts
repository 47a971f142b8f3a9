import { type Failure, type FailureKind, htmlFailure } from '../turn/failure.ts';
import { dottedPath, type Violation } from '../violation.ts';

const TYPE = 'type.googleapis.com/google.rpc';

const failures: Readonly<
  Record<
    Exclude<FailureKind, 'html'>,
    readonly [code: number, status: string, message: string, details?: readonly object[]]
  >
> = {
  'rate-limit': [
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details.\nPlease retry in 6.4s.',
    [
      {
        '@type': `${TYPE}.QuotaFailure`,
        violations: [
          { quotaMetric: 'generate_content_requests', quotaId: 'GenerateRequestsPerMinutePerProjectPerModel' },
        ],
      },
      { '@type': `${TYPE}.RetryInfo`, retryDelay: '6.4s' },
    ],
  ],
  quota: [
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details.',
    [
      {
        '@type': `${TYPE}.QuotaFailure`,
        violations: [
          {
            quotaMetric: 'generate_content_requests',
            quotaId: 'GenerateRequestsPerDayPerProjectPerModel',
            quotaValue: '50',
          },
        ],
      },
    ],
  ],
  overloaded: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  server: [
    500,
    'INTERNAL',
    'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  ],
  auth: [
    400,
    'INVALID_ARGUMENT',
    'API key not valid. Please pass a valid API key.',
    [{ '@type': `${TYPE}.ErrorInfo`, reason: 'API_KEY_INVALID', domain: 'googleapis.com' }],
  ],
  permission: [403, 'PERMISSION_DENIED', 'The caller does not have permission'],
  'not-found': [404, 'NOT_FOUND', 'is not found for API version v1beta, or is not supported for generateContent.'],
  'context-length': [
    400,
    'INVALID_ARGUMENT',
    'The input token count (1200345) exceeds the maximum number of tokens allowed (1048576).',
  ],
  'bad-request': [400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  'content-filter': [400, 'INVALID_ARGUMENT', 'The request was blocked by safety filters.'],
  'too-large': [413, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'],
  timeout: [504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'],
};

/** The API's answer to a fault. */
export function failAsGemini(kind: FailureKind, model: string): Failure {
  if (kind === 'html') return htmlFailure;
  const [code, status, message, details] = failures[kind];
  return googleError(code, status, kind === 'not-found' ? `models/${model} ${message}` : message, details);
}

/** The API's answer to a request that breaks its rules. Unknown names are told all at once. */
export function refuseAsGemini(violations: readonly Violation[]): Failure {
  const [first] = violations;
  if (first?.kind === 'credentials') return googleError(403, 'PERMISSION_DENIED', first.message);
  const fields = violations.filter(({ kind }) => kind === first?.kind);
  const told = fields.map((violation) => ({ field: snakePath(violation), description: wording(violation) }));
  return googleError(400, 'INVALID_ARGUMENT', told.map(({ description }) => description).join('\n'), [
    { '@type': `${TYPE}.BadRequest`, fieldViolations: told },
  ]);
}

function wording(violation: Violation): string {
  const { kind, path, message } = violation;
  if (kind === 'unknown') {
    const inside = path.length > 1 ? ` at '${snakePath({ path: path.slice(0, -1) })}'` : '';
    return `Invalid JSON payload received. Unknown name "${String(path.at(-1))}"${inside}: Cannot find field.`;
  }
  return kind === 'rule' ? message : `Invalid value at '${snakePath(violation)}': ${message}`;
}

/** `generation_config.top_k`: the API names fields as its protocol buffers do. */
function snakePath({ path }: Pick<Violation, 'path'>): string {
  return dottedPath(path)
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replaceAll(/\.(\d+)/g, '[$1]');
}

function googleError(code: number, status: string, message: string, details?: readonly object[]): Failure {
  return { status: code, headers: {}, body: { error: { code, message, status, ...(details ? { details } : {}) } } };
}
