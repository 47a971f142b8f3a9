import type { Surface } from '../endpoints/surfaces/surface.ts';
import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import { writeWhole } from '../http/write-response.ts';
import type { RequestTranslation } from './request-translation.ts';

/** Answers with what the gateway itself can say when no upstream could, marked as an estimate. Throws GatewayError. */
export function answerLastResort(context: RequestContext, surface: Surface, translation: RequestTranslation): void {
  const answer = surface.lastResort?.(translation);
  if (!answer || context.response.destroyed) return;
  context.warnings = 'estimated:input_tokens';
  writeWhole(context.response, 200, answerHeaders(context, 'application/json'), Buffer.from(JSON.stringify(answer)));
}
