import type { GatewayError } from '@penstock/contracts';
import type { FaultClass, UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { sseFrame } from '../sse/sse-event.ts';
import { arrayOf, numberOf, objectOf, objectsOf, stringOf, textOf } from './json-fields.ts';
import { retryDelayMs } from './retry-delay.ts';

const DETAIL = 'type.googleapis.com/google.rpc.';

const TOO_LONG = /exceeds the maximum number of tokens|input token count .* exceeds|context (?:length|window)/i;
const PER_DAY = /per[-_ ]?day|daily/i;

const BY_HTTP_STATUS: Readonly<Record<number, FaultClass>> = {
  400: 'bad-request',
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  409: 'conflict',
  413: 'too-large',
  422: 'bad-request',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** Google's words for the same (google.rpc.Code), for errors whose number says nothing. */
const BY_STATUS: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Reads Google's `{"error": {...}}` or `[{"error": {...}}]`; null when the body is neither. */
export function readFault(status: number, body: string): UpstreamFault | null {
  try {
    return faultOf(JSON.parse(body) as Json, status);
  } catch {
    // Not JSON, so not an error body that could be read.
    return null;
  }
}

/** The same for a body or event that is parsed already. `httpStatus` is 200 for an error in a success's body. */
export function faultOf(value: Json, httpStatus: number): UpstreamFault | null {
  const outer = Array.isArray(value) ? objectOf(arrayOf(value)[0]) : objectOf(value);
  const error = outer?.['error'];
  if (typeof error === 'string') {
    const message = stringOf(outer?.['error_description']) ?? error;
    return { fault: faultClass(httpStatus, message, []), message, type: error, code: null, param: null };
  }
  const fields = objectOf(error);
  return fields ? faultOfFields(fields, httpStatus) : null;
}

/** An answer that is none, or that breaks off. */
export function upstreamFault(message: string): UpstreamFault {
  return { fault: 'upstream', message, type: null, code: null, param: null };
}

function faultOfFields(error: JsonObject, httpStatus: number): UpstreamFault {
  const message = textOf(error['message']) ?? 'The upstream reported an error without a message.';
  const type = textOf(error['status']) ?? null;
  const details = objectsOf(error['details']);
  const retryAfterMs = retryDelayMs(details, message);
  const stated = numberOf(error['code']) ?? BY_STATUS[type ?? ''] ?? 500;
  return {
    fault: faultClass(httpStatus >= 400 ? httpStatus : stated, message, details),
    message,
    type,
    code: textOf(detail(details, 'ErrorInfo')?.['reason']) ?? null,
    param: violatedField(details),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function violatedField(details: readonly JsonObject[]): string | null {
  const [violation] = objectsOf(detail(details, 'BadRequest')?.['fieldViolations']);
  return textOf(violation?.['field']) ?? null;
}

/** An error's number decides, but for keys that Google calls bad requests and quotas that last for a day. */
function faultClass(status: number, message: string, details: readonly JsonObject[]): FaultClass {
  const reason = stringOf(detail(details, 'ErrorInfo')?.['reason']);
  if (reason === 'API_KEY_INVALID' || /API key (?:not valid|expired)/i.test(message)) return 'authentication';
  if (status === 400 && TOO_LONG.test(message)) return 'context-length';
  if (status === 429 && isDailyQuota(details)) return 'quota';
  return BY_HTTP_STATUS[status] ?? (status > 400 && status < 500 ? 'bad-request' : 'upstream');
}

function isDailyQuota(details: readonly JsonObject[]): boolean {
  return objectsOf(detail(details, 'QuotaFailure')?.['violations']).some((violation) =>
    ['quotaId', 'quotaMetric', 'subject', 'description'].some((name) => PER_DAY.test(stringOf(violation[name]) ?? '')),
  );
}

function detail(details: readonly JsonObject[], name: string): JsonObject | undefined {
  return details.find((entry) => entry['@type'] === DETAIL + name);
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** One of Google's own words; another vendor's name for the same error is none. */
function statusName({ status, upstream }: GatewayError): string {
  const told = upstream?.type ?? '';
  if (told in BY_STATUS) return told;
  return STATUS_NAMES[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
}

/** Body of an error answer in Google's shape; the gateway's own code stands in the details as the reason. */
export function renderError(error: GatewayError, requestId: string): JsonObject {
  const info = {
    '@type': `${DETAIL}ErrorInfo`,
    reason: error.upstream?.code ?? error.code.toUpperCase(),
    domain: 'penstock',
    metadata: { requestId, ...(error.param !== null && { field: error.param }) },
  };
  const retry = { '@type': `${DETAIL}RetryInfo`, retryDelay: `${Math.ceil((error.retryAfterMs ?? 0) / 1000)}s` };
  return {
    error: {
      code: error.status,
      message: error.message,
      status: statusName(error),
      details: error.retryAfterMs === null ? [info] : [info, retry],
    },
  };
}

/** The error as the last event of a stream, which official SDKs throw. */
export function renderErrorFrame(error: GatewayError, requestId: string): string {
  return sseFrame(JSON.stringify(renderError(error, requestId)));
}
