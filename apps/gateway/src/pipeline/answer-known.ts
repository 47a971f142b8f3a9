import { GatewayError } from '@penstock/contracts';
import { answerHeaders } from '../http/answer-headers.ts';
import { CLIENT_CLOSED } from '../http/client-closed.ts';
import type { RequestContext } from '../http/request-context.ts';
import { writeWhole } from '../http/write-response.ts';
import { answerPolicy } from '../policies/answer-policy.ts';
import type { PolicyAnswer } from '../policies/policy.ts';
import type { Settlement } from './settlement.ts';

const NOTHING_SPENT = { usage: null, outputTokensSeen: 0, spent: false } as const;

/** An answer that is there already. */
export interface KnownAnswer {
  readonly body: Buffer;
  /** `application/json` where it is left out. */
  readonly contentType?: string;
  /** What a policy answers instead. */
  readonly refusal?: PolicyAnswer;
}

/** Answers with what is there already, once the books say so. */
export function answerKnown(
  context: RequestContext,
  { body, contentType = 'application/json', refusal }: KnownAnswer,
  settlement: Settlement,
): void {
  const { response, policies } = context;
  if (response.destroyed) {
    const end = { outcome: 'client-closed', status: CLIENT_CLOSED, error: null, ...NOTHING_SPENT } as const;
    settlement.settle(end);
    policies?.ended(end);
    return;
  }
  if (refusal) {
    const error = new GatewayError('policy_refused', 'A policy refused the answer.', { status: refusal.status });
    const end = { outcome: 'failed', status: refusal.status, error, ...NOTHING_SPENT } as const;
    settlement.settle(end, () => answerPolicy(context, refusal));
    policies?.ended(end);
    return;
  }
  const end = { outcome: 'completed', status: 200, error: null, ...NOTHING_SPENT } as const;
  settlement.settle(end, () => writeWhole(response, 200, answerHeaders(context, contentType), body));
  policies?.ended(end);
}
