import type { HeaderMap } from '../provider-adapter.ts';

/** Longest wait that is taken from an upstream: a day. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** Seconds or an HTTP date (RFC 9110 §10.2.3), or OpenAI's `retry-after-ms`; null when there is none that makes sense. */
export function readRetryAfter(headers: HeaderMap, now: number = Date.now()): number | null {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.min(milliseconds, MAX_RETRY_AFTER_MS);
  const value = headers['retry-after'];
  if (value === undefined) return null;
  const wait = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, MAX_RETRY_AFTER_MS) : null;
}
