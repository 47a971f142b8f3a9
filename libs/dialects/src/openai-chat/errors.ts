import { ERROR_CODES, GatewayError } from '@penstock/contracts';
import type { FaultClass, UpstreamFault } from '../canonical/canonical-event.ts';
import type { JsonObject } from '../canonical/json.ts';

/** The parts of an error body in OpenAI's shape. */
export interface OpenAiErrorFields {
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
}

/** Body of an error answer as an object. */
export function renderError(error: GatewayError): JsonObject {
  return {
    error: {
      message: error.message,
      type: error.upstream?.type ?? ERROR_CODES[error.code].openaiType,
      param: error.param,
      code: error.upstream?.code ?? error.code,
    },
  };
}

/** Body of an error answer: `{"error":{"message","type","param","code"}}`. */
export function renderOpenAiError(error: GatewayError): Buffer {
  return Buffer.from(JSON.stringify(renderError(error)));
}

/** The error as the last frame of a stream. No `[DONE]` follows: official SDKs take it for success. */
export function openAiErrorFrame(error: GatewayError): Buffer {
  return Buffer.from(renderErrorFrame(error));
}

/** The same as text. */
export function renderErrorFrame(error: GatewayError): string {
  return `data: ${JSON.stringify(renderError(error))}\n\n`;
}

/** Callers' own mistakes are told in the vendor's words; what is none of theirs in ours. */
const CALLERS_OWN: ReadonlySet<FaultClass> = new Set([
  'bad-request',
  'context-length',
  'content-filter',
  'not-found',
  'too-large',
]);

/** A failure that ends a stream, as the error that its caller reads. */
export function streamFaultError(fault: UpstreamFault): GatewayError {
  if (CALLERS_OWN.has(fault.fault)) {
    return new GatewayError('upstream_client_error', fault.message, {
      upstream: { type: fault.type, code: fault.code },
    });
  }
  if (fault.fault === 'timeout') return new GatewayError('upstream_timeout', 'The upstream did not go on in time.');
  return new GatewayError('upstream_error', 'The upstream failed while it answered.');
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * Reads an error body of OpenAI, vLLM (whose `code` is a number) or FastAPI (`detail`).
 * Null when it is none of these, such as a proxy's HTML page.
 */
export function readOpenAiErrorBody(body: string): OpenAiErrorFields | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not JSON, so not an error body that could be read.
    return null;
  }
  return errorFieldsOf(parsed);
}

/** The same for an error that was already parsed, as in a stream's frame. */
export function errorFieldsOf(value: unknown): OpenAiErrorFields | null {
  if (typeof value !== 'object' || value === null) return null;
  const outer = value as Record<string, unknown>;
  const error = outer['error'] ?? (outer['object'] === 'error' ? outer : undefined);
  if (typeof error === 'string') return { message: error, type: null, code: null, param: null };
  if (typeof error === 'object' && error !== null) {
    const fields = error as Record<string, unknown>;
    const message = text(fields['message']);
    if (message)
      return { message, type: text(fields['type']), code: text(fields['code']), param: text(fields['param']) };
  }
  const detail = text(outer['detail']);
  return detail ? { message: detail, type: null, code: null, param: null } : null;
}
