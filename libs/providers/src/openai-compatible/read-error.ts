import { type OpenAiErrorFields, readOpenAiErrorBody } from '@penstock/dialects';
import { GatewayError } from '@penstock/contracts';
import type { HeaderMap, ReadError } from '../provider-adapter.ts';

const MAX_MESSAGE_LENGTH = 2048;
/** How long a target is left alone that does not say how long. */
const DEFAULT_COOLDOWN_MS = 1000;
/** Longest wait that is taken from an upstream: a day. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/**
 * Reads a failed answer in OpenAI's shape. 401 and 403 are faults of the credential that the admin stored, never
 * the caller's; 5xx may be tried elsewhere; other 4xx are the caller's own and pass with their status.
 */
export function readOpenAiError(status: number, headers: HeaderMap, body: string): ReadError {
  const cause = { status, body: body.slice(0, MAX_MESSAGE_LENGTH) };
  if (status === 401 || status === 403) {
    const message = 'The upstream refused the credential that is configured for it.';
    return { error: new GatewayError('upstream_auth_error', message, { cause }), retryable: true };
  }
  const fields = readOpenAiErrorBody(body);
  const message = fields?.message.slice(0, MAX_MESSAGE_LENGTH) ?? `The upstream answered with status ${status}.`;
  if (status === 429) return tooManyRequests(message, headers, { cause, upstream: own(fields) });
  if (status >= 400 && status < 500) {
    const param = fields?.param ? { param: fields.param } : {};
    const options = { cause, status, upstream: own(fields), ...param };
    return { error: new GatewayError('upstream_client_error', message, options), retryable: false };
  }
  const code = status === 504 ? 'upstream_timeout' : 'upstream_error';
  return { error: new GatewayError(code, message, { cause }), retryable: true };
}

type OwnFields = Pick<OpenAiErrorFields, 'type' | 'code'>;

const own = (fields: OpenAiErrorFields | null): OwnFields => ({
  type: fields?.type ?? null,
  code: fields?.code ?? null,
});

function tooManyRequests(
  message: string,
  headers: HeaderMap,
  options: { readonly cause: unknown; readonly upstream: OwnFields },
): ReadError {
  const retryAfterMs = readRetryAfter(headers);
  const wait = retryAfterMs === null ? {} : { retryAfterMs };
  const error = new GatewayError('rate_limit_exceeded', message, { ...options, ...wait });
  return { error, retryable: true, cooldownMs: retryAfterMs ?? DEFAULT_COOLDOWN_MS };
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), or OpenAI's `retry-after-ms`; null when there is none that makes sense. */
export function readRetryAfter(headers: HeaderMap, now: number = Date.now()): number | null {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.min(milliseconds, MAX_RETRY_AFTER_MS);
  const value = headers['retry-after'];
  if (value === undefined) return null;
  const wait = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, MAX_RETRY_AFTER_MS) : null;
}
