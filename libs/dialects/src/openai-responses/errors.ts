import { ERROR_CODES, type GatewayError } from '@penstock/contracts';
import type { UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { sseFrame } from '../sse/sse-event.ts';
import { classifyFault } from './classify-fault.ts';
import { objectOf, textOf } from './json-fields.ts';
import { responseId } from './response-id.ts';
import { failedResponse } from './response-object.ts';

/** Body of an error answer: `{"error":{"message","type","param","code"}}`. */
export function renderResponsesError(error: GatewayError): JsonObject {
  return {
    error: {
      message: error.message,
      type: error.upstream?.type ?? ERROR_CODES[error.code].openaiType,
      param: error.param,
      code: error.upstream?.code ?? error.code,
    },
  };
}

/**
 * The end of a stream that fails, as OpenAI itself sends it: an `error` event, at which its SDKs throw, and
 * `response.failed`, without which Codex takes the stream for cut off. The numbers before them are not known here.
 */
export function renderResponsesErrorFrame(error: GatewayError, requestId: string): string {
  const code = error.upstream?.code ?? error.code;
  const response = failedResponse(responseId(requestId), { code: responseErrorCode(code), message: error.message });
  const fields = { code, message: error.message, param: error.param };
  return (
    sseFrame(JSON.stringify({ type: 'error', sequence_number: 0, ...fields }), 'error') +
    sseFrame(JSON.stringify({ type: 'response.failed', sequence_number: 1, response }), 'response.failed')
  );
}

/** Codes by which clients tell failures of a response apart; whatever else went wrong is `server_error`. */
const RESPONSE_ERROR_CODES: ReadonlySet<string> = new Set([
  'context_length_exceeded',
  'insufficient_quota',
  'invalid_prompt',
  'rate_limit_exceeded',
  'server_is_overloaded',
]);

/** `response.error.code` for an error of this name. */
export function responseErrorCode(code: string): string {
  return RESPONSE_ERROR_CODES.has(code) ? code : 'server_error';
}

/** Reads an error body; null when it is none in OpenAI's shape. */
export function readResponsesFault(status: number, body: string): UpstreamFault | null {
  let parsed: Json;
  try {
    parsed = JSON.parse(body) as Json;
  } catch {
    // Not JSON, so not an error body of this dialect.
    return null;
  }
  const outer = objectOf(parsed);
  return outer ? faultIn(outer, status) : null;
}

/** The error that an object holds: as `error`, as FastAPI's `detail`, or, for vLLM's old shape, in itself. */
export function faultIn(outer: JsonObject, status = 200): UpstreamFault | null {
  const error = outer['error'] ?? (outer['object'] === 'error' ? outer : outer['detail']);
  if (typeof error === 'string' && error !== '') return faultOf({ message: error }, status);
  const fields = objectOf(error);
  return fields ? faultOf(fields, status) : null;
}

const RETRY_HINT = /try again in (\d+(?:\.\d+)?)\s*(ms|s)\b/i;

/** The fault that an error object tells of. `status`: of the answer; 200 within an answer or a stream. */
export function faultOf(error: JsonObject, status = 200): UpstreamFault {
  const message = textOf(error['message']) ?? 'The upstream reported an error without a message.';
  const type = textOf(error['type']) ?? null;
  const code = textOf(error['code']) ?? null;
  const hint = RETRY_HINT.exec(message);
  return {
    fault: classifyFault(status, { code, type, message }),
    message,
    type,
    code,
    param: textOf(error['param']) ?? null,
    ...(hint && { retryAfterMs: Math.ceil(Number(hint[1]) * (hint[2]?.toLowerCase() === 'ms' ? 1 : 1000)) }),
  };
}

/** A fault that only the gateway sees: the answer is cut off or makes no sense. */
export function brokenAnswer(message: string): UpstreamFault {
  return { fault: 'upstream', message, type: null, code: null, param: null };
}
