import { GatewayError } from '@penstock/contracts';
import { renderOpenAiError } from '@penstock/dialects';
import { errorHeaders } from './answer-headers.ts';
import type { RequestContext } from './request-context.ts';
import { writeWhole } from './write-response.ts';

/** Answers with an error, unless an answer has begun or the client has gone. */
export function failRequest(context: RequestContext, error: GatewayError): void {
  const { response } = context;
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const surface = context.route?.endpoint.surface;
  const body = surface
    ? Buffer.from(JSON.stringify(surface.client.renderError(error, context.requestId)))
    : renderOpenAiError(error);
  writeWhole(response, surface?.statusOf(error) ?? error.status, errorHeaders(context, error), body);
}

/** Any error as one that may be shown; what we did not foresee stays private as its cause. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal_error', 'The gateway failed to handle the request.', { cause: error });
}
