import { ERROR_CODES, type GatewayError } from '@penstock/contracts';
import type { RequestContext } from './request-context.ts';
import { MethodNotAllowedError } from './route-table.ts';
import { speaksAnthropic } from './speaks-anthropic.ts';
import type { HeaderList } from './write-response.ts';

/** Statuses at which clients try again although nothing changes by itself: a wrong key, a forbidden one, a quota. */
const HOPELESS: ReadonlySet<number> = new Set([401, 403, 429]);
const NOT_A_HEADER_VALUE = /[^\x20-\x7e]/;

/** The headers that every answer of the data plane has. Nothing of the upstream's headers is among them. */
export function answerHeaders(context: RequestContext, contentType: string): HeaderList {
  const headers: HeaderList = ['content-type', contentType, 'x-request-id', context.requestId];
  const { provider } = context;
  const overheadMs = context.overheadMs(performance.now());
  context.answeredAfterMs = overheadMs;
  if (provider !== null) {
    headers.push('x-penstock-provider', provider.name);
    headers.push('x-penstock-model', headerValue(context.modelId));
    headers.push('x-penstock-attempts', String(context.attempts));
    headers.push('x-penstock-overhead-ms', String(Math.round(overheadMs * 1000) / 1000));
  }
  const warnings = warningsOf(context);
  if (warnings !== null) headers.push('x-penstock-warnings', warnings);
  if (speaksAnthropic(context)) headers.push('request-id', context.requestId);
  if (context.rateLimitHeaders !== null) headers.push(...context.rateLimitHeaders);
  context.providerPolicies?.editAnswerHeaders(headers);
  context.policies?.editAnswerHeaders(headers);
  return headers;
}

function warningsOf({ limitWarnings, warnings }: RequestContext): string | null {
  if (limitWarnings.length === 0) return warnings;
  return (warnings === null ? limitWarnings : [...limitWarnings, warnings]).join(', ');
}

/** The same for an error, with what tells the client whether and when to try again. */
export function errorHeaders(context: RequestContext, error: GatewayError): HeaderList {
  const headers = answerHeaders(context, 'application/json');
  const retryAfterMs = error.retryAfterMs ?? (error.status === 503 || error.status === 429 ? 1000 : null);
  if (retryAfterMs !== null && error.retryable) {
    headers.push('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  }
  // The gateway has tried other targets already, or waiting does not help: clients would try again, Claude Code for minutes.
  const isHopeless = !ERROR_CODES[error.code].retryable && HOPELESS.has(error.status);
  if (isHopeless || context.attempts > 1) headers.push('x-should-retry', 'false');
  if (error.status === 401) headers.push('www-authenticate', 'Bearer');
  if (error instanceof MethodNotAllowedError) headers.push('allow', error.allow);
  if (error.code === 'upgrade_required') headers.push('upgrade', 'HTTP/1.1', 'connection', 'upgrade');
  return headers;
}

/** Callers of an open provider choose the model's name: what a header cannot carry is percent-encoded. */
function headerValue(text: string): string {
  return NOT_A_HEADER_VALUE.test(text) ? encodeURIComponent(text.toWellFormed()) : text;
}
