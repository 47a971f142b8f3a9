import { GatewayError } from '@penstock/contracts';
import type { RequestContext } from '../../http/request-context.ts';
import type { PolicyAnswer } from '../policy.ts';
import type { PolicyOwner, PolicyServices } from '../policy-factory.ts';
import { PolicyRefusal } from '../policy-refusal.ts';
import { type Direction, guardrailAnswer, type GuardrailName } from './guardrail-answer.ts';
import type { Violation } from './text-rule.ts';

/** What a guardrail does about violations: counts each, and refuses unless it only watches. */
export interface Interventions {
  /** What is answered instead; undefined: it passes. */
  readonly answerTo: (
    direction: Direction,
    violation: Violation,
    side: Shown,
    context: RequestContext,
  ) => PolicyAnswer | undefined;
  /** Throws PolicyRefusal unless the stream passes. */
  readonly endStream: (violation: Violation, side: Shown, context: RequestContext) => void;
}

interface Shown {
  readonly showAssessment: boolean;
}

export function interventions(
  guardrail: GuardrailName & { readonly mode: 'block' | 'monitor' },
  owner: PolicyOwner,
  services: PolicyServices,
): Interventions {
  const { name, mode } = guardrail;
  const answerTo: Interventions['answerTo'] = (direction, violation, { showAssessment }, { requestId }) => {
    services.countIntervention({ policy: name, direction, mode });
    if (mode === 'block') return guardrailAnswer(guardrail, direction, violation, showAssessment);
    services.logger.info({ policy: name, direction, proxy: owner.proxyName, requestId }, 'a guardrail would refuse');
    return undefined;
  };
  return {
    answerTo,
    endStream(violation, side, context) {
      const answer = answerTo('RESPONSE', violation, side, context);
      if (!answer) return;
      throw new PolicyRefusal(new GatewayError('policy_refused', violation.reason, { status: 422 }), answer);
    },
  };
}
