import type { GatewayError } from '@penstock/contracts';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import { toGatewayError } from '../http/fail-request.ts';
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

/** What no last resort makes up for: the caller has to know. */
const OWN_FAULTS: ReadonlySet<string> = new Set([
  'rate_limit_exceeded',
  'insufficient_quota',
  'limiter_unavailable',
  'policy_refused',
  'invalid_api_key',
]);

/** What is answered although no upstream did; else the error to be told, which is the caller's own when it cannot be read. */
export function lastAnswer(
  { surface, translation }: { readonly surface: Surface; readonly translation: RequestTranslation },
  error: GatewayError,
): Buffer | GatewayError {
  if (OWN_FAULTS.has(error.code)) return error;
  try {
    return lastResortOf(surface, translation) ?? error;
  } catch (unreadable) {
    return toGatewayError(unreadable);
  }
}

/** Sends it, marked as an estimate. */
export function answerLastResort(context: RequestContext, answer: Buffer): void {
  if (context.response.destroyed) return;
  context.warnings = 'estimated:input_tokens';
  writeWhole(context.response, 200, answerHeaders(context, 'application/json'), answer);
}
