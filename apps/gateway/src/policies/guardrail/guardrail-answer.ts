import type { PolicyAnswer } from '../policy.ts';
import type { Violation } from './text-rule.ts';

/** How a guardrail names itself in a refusal. */
export interface GuardrailName {
  readonly name: string;
  readonly type: string;
}

export type Direction = 'REQUEST' | 'RESPONSE';

/** The answer in place of what a guardrail refused. */
export function guardrailAnswer(
  { name, type }: GuardrailName,
  direction: Direction,
  { reason, assessments }: Violation,
  showAssessment: boolean,
): PolicyAnswer {
  const message = {
    action: 'GUARDRAIL_INTERVENED',
    interveningGuardrail: name,
    actionReason: reason,
    ...(showAssessment ? { assessments } : {}),
    direction,
  };
  return { status: 422, contentType: 'application/json', body: Buffer.from(JSON.stringify({ type, message })) };
}
