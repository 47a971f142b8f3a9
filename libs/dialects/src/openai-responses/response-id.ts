/**
 * Id of the answer to a request. It follows from the request's own id, so that an error frame, which knows nothing of the
 * stream before it, speaks of the same response: official SDKs refuse another one.
 */
export function responseId(requestId: string): string {
  return `resp_${requestId.replaceAll(/[^A-Za-z0-9]/g, '')}`;
}
