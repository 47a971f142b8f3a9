import { ERROR_CODES, type GatewayError } from '@penstock/contracts';
import type { FaultClass, UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { sseFrame } from '../sse/sse-event.ts';
import { FAULT_OF_TYPE } from './faults.ts';
import { isObject } from './read-fields.ts';
import { isErrorType } from './schema.ts';

/** Words that Claude Code looks for before it compacts a conversation. */
const TOO_LONG = 'prompt is too long';

/** Where `invalid_request_error` says more than its type (messages of api.anthropic.com). */
const FAULT_OF_MESSAGE: readonly (readonly [RegExp, FaultClass])[] = [
  [/prompt is too long|context (limit|window)|maximum context length/i, 'context-length'],
  [/content filtering policy/i, 'content-filter'],
  [/credit balance is too low|usage limits|spend(ing)? limit/i, 'quota'],
];

const FAULT_OF_STATUS: ReadonlyMap<number, FaultClass> = new Map<number, FaultClass>([
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

/** Body of an error answer: `{"type":"error","error":{"type","message"},"request_id"}`. */
export function renderError(error: GatewayError, requestId: string): JsonObject {
  return { type: 'error', error: { type: errorTypeOf(error), message: messageOf(error) }, request_id: requestId };
}

/** The error as the last frame of a stream; no `message_stop` follows. */
export function renderErrorFrame(error: GatewayError, requestId: string): string {
  return sseFrame(JSON.stringify(renderError(error, requestId)), 'error');
}

/** Status of an error answer on Anthropic's routes: an exhausted quota is 402 there and overload 529. */
export function anthropicStatusOf(error: GatewayError): number {
  if (error.code === 'insufficient_quota') return 402;
  return error.code === 'overloaded' ? 529 : error.status;
}

/** Statuses of a caller's own mistake that say more than the word of a vendor who has one word for all of them. */
const TYPE_OF_STATUS: ReadonlyMap<number, string> = new Map([
  [404, 'not_found_error'],
  [413, 'request_too_large'],
]);

function errorTypeOf(error: GatewayError): string {
  const isCallersOwn = error.code === 'upstream_client_error';
  const type = (isCallersOwn && TYPE_OF_STATUS.get(error.status)) || error.upstream?.type;
  if (isCallersOwn && isErrorType(type)) return type;
  return error.code === 'upstream_timeout' ? 'timeout_error' : ERROR_CODES[error.code].anthropicType;
}

function messageOf(error: GatewayError): string {
  const isTooLong = error.upstream?.code === 'context_length_exceeded' && !error.message.includes(TOO_LONG);
  return isTooLong ? `${TOO_LONG}: ${error.message}` : error.message;
}

/** Reads an error body; null when it is none of Anthropic's, such as a proxy's HTML page. */
export function readFault(status: number, body: string): UpstreamFault | null {
  try {
    return faultOf(JSON.parse(body) as Json, status);
  } catch {
    // Not JSON, so not an error body that could be read.
    return null;
  }
}

/** The same for a body or an event that was already parsed. Without a status the type alone decides. */
export function faultOf(body: Json, status?: number): UpstreamFault | null {
  const error = isObject(body) ? body['error'] : undefined;
  if (!isObject(body) || !isObject(error)) return null;
  const { type, message } = error;
  if (body['type'] !== 'error' && !isErrorType(type)) return null;
  const text = typeof message === 'string' ? message : '';
  return {
    fault: classOf(type, text, status),
    message: text === '' ? 'The upstream reported an error.' : text,
    type: typeof type === 'string' ? type : null,
    code: null,
    param: null,
  };
}

function classOf(type: Json | undefined, message: string, status: number | undefined): FaultClass {
  const byStatus = FAULT_OF_STATUS.get(status ?? 0) ?? 'upstream';
  const fault = isErrorType(type) && type !== 'api_error' ? FAULT_OF_TYPE[type] : byStatus;
  if (fault !== 'bad-request') return fault;
  return FAULT_OF_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? fault;
}
