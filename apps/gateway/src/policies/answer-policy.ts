import { answerHeaders } from '../http/answer-headers.ts';
import type { RequestContext } from '../http/request-context.ts';
import { writeWhole } from '../http/write-response.ts';
import type { PolicyAnswer } from './policy.ts';

/** Answers as a policy says, unless an answer has begun or the client has gone. */
export function answerPolicy(context: RequestContext, { status, contentType, body, headers = [] }: PolicyAnswer): void {
  const { response } = context;
  if (response.destroyed || response.headersSent) return;
  writeWhole(response, status, [...answerHeaders(context, contentType), ...headers], body);
}
