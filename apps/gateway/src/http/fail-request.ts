import { GatewayError } from '@penstock/contracts';
import { anthropicCodec, anthropicStatusOf, renderOpenAiError } from '@penstock/dialects';
import { errorHeaders } from './answer-headers.ts';
import { answerPolicy } from '../policies/answer-policy.ts';
import { PolicyRefusal } from '../policies/policy-refusal.ts';
import type { RequestContext } from './request-context.ts';
import { speaksAnthropic } from './speaks-anthropic.ts';
import { writeWhole } from './write-response.ts';

/** Answers with an error, unless an answer has begun or the client has gone. */
export function failRequest(context: RequestContext, error: GatewayError): void {
  const { response } = context;
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof PolicyRefusal) {
    answerPolicy(context, error.answer);
    return;
  }
  const { status, body } = wordingOf(context, error);
  writeWhole(response, status, errorHeaders(context, error), body);
}

function wordingOf(context: RequestContext, error: GatewayError): { readonly status: number; readonly body: Buffer } {
  const { route, requestId } = context;
  const surface = route?.endpoint.surface;
  if (!surface && !speaksAnthropic(context)) return { status: error.status, body: renderOpenAiError(error) };
  const status = surface ? surface.statusOf(error) : anthropicStatusOf(error);
  const client = surface?.client ?? anthropicCodec;
  return { status, body: Buffer.from(JSON.stringify(client.renderError(error, requestId))) };
}

/** Any error as one that may be shown; what we did not foresee stays private as its cause. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal_error', 'The gateway failed to handle the request.', { cause: error });
}
