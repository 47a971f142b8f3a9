import type { ExplainedError, GatewayError } from '@penstock/contracts';

/** An error as callers get it. */
export function explainedError({ code, status, message }: GatewayError): ExplainedError {
  return { code, status, message };
}
