import type { Surface } from '../endpoints/surfaces/surface.ts';
import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import { writeWhole } from '../http/write-response.ts';
import type { RequestTranslation } from './request-translation.ts';

/**
 * Prepares what the gateway itself can say when no upstream could. Throws GatewayError when the request cannot be read, and
 * undefined is for surfaces that have nothing to say.
 */
export function lastResortOf(surface: Surface, translation: RequestTranslation): Buffer | undefined {
  const answer = surface.lastResort?.(translation);
  return answer && Buffer.from(JSON.stringify(answer));
}

/** Sends it, marked as an estimate. */
export function answerLastResort(context: RequestContext, answer: Buffer): void {
  if (context.response.destroyed) return;
  context.warnings = 'estimated:input_tokens';
  writeWhole(context.response, 200, answerHeaders(context, 'application/json'), answer);
}
