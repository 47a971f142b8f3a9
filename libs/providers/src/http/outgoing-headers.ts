import type { UpstreamCall } from '../provider-adapter.ts';

/** Answers are never asked for in a compressed form: they would have to be inflated to be metered. */
const COMMON_HEADERS = ['accept-encoding', 'identity', 'user-agent', 'penstock'] as const;

/**
 * The headers of every request but for the credential: name, value, name, value, ... They are built from an allow-list:
 * no header of the caller reaches an upstream unless an adapter takes it over by name.
 */
export function outgoingHeaders(call: UpstreamCall, streamType = 'text/event-stream'): string[] {
  const headers: string[] = [...COMMON_HEADERS, 'x-request-id', call.requestId];
  headers.push('accept', call.stream ? streamType : 'application/json');
  if (call.body) headers.push('content-type', 'application/json');
  return headers;
}

/** The same with the credential as the admin stored it. */
export function outgoingHeadersWithAuth(call: UpstreamCall): string[] {
  const headers = outgoingHeaders(call);
  if (call.auth) headers.push(call.auth.header, call.auth.value);
  return headers;
}
