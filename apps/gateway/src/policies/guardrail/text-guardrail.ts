import { GatewayError } from '@penstock/contracts';
import { JsonPath } from '@penstock/policies';
import type { RequestContext } from '../../http/request-context.ts';
import type { Policy } from '../policy.ts';
import type { PolicyOwner, PolicyServices } from '../policy-factory.ts';
import { PolicyRefusal } from '../policy-refusal.ts';
import { type Direction, guardrailAnswer, type GuardrailName } from './guardrail-answer.ts';
import { GuardedStream } from './guarded-stream.ts';
import { type GuardedPath, judgeAnswer, judgeRequest, type RequestScope } from './judge-request.ts';
import type { ValueRule, Violation } from './text-rule.ts';

/** One direction of a guardrail as it is configured. */
interface Side {
  readonly enabled: boolean;
  readonly jsonPath?: string | undefined;
  readonly showAssessment: boolean;
}

interface Guardrail<OfSide extends Side> extends GuardrailName {
  readonly params: {
    readonly request?: OfSide | undefined;
    readonly response?: OfSide | undefined;
    readonly mode: 'block' | 'monitor';
  };
  readonly ruleOf: (side: OfSide) => ValueRule;
  /** What of a request is judged where no path is given. */
  readonly scopeOf: (side: OfSide) => RequestScope;
}

/** A guardrail over texts: refuses requests before they are sent, whole answers, and streams on their way. */
export function textGuardrail<OfSide extends Side>(
  { name, type, params, ruleOf, scopeOf }: Guardrail<OfSide>,
  owner: PolicyOwner,
  services: PolicyServices,
): Policy {
  const { request, response, mode } = params;
  /** Counts an intervention; whether it stands. */
  const intervene = (direction: Direction, { requestId }: RequestContext): boolean => {
    services.countIntervention({ policy: name, direction, mode });
    if (mode === 'block') return true;
    services.logger.info({ policy: name, direction, proxy: owner.proxyName, requestId }, 'a guardrail would refuse');
    return false;
  };
  const answer = (direction: Direction, violation: Violation, side: OfSide) =>
    guardrailAnswer({ name, type }, direction, violation, side.showAssessment);
  return {
    name,
    ...(request?.enabled && requestHooks(request)),
    ...(response?.enabled && responseHooks(response)),
  };

  function requestHooks(side: OfSide): Pick<Policy, 'onBody'> {
    const [rule, path, scope] = [ruleOf(side), pathOf(side), scopeOf(side)];
    return {
      onBody({ json, context }) {
        const violation = judgeRequest(rule, json, { path, scope });
        return violation && intervene('REQUEST', context) ? answer('REQUEST', violation, side) : undefined;
      },
    };
  }

  function responseHooks(side: OfSide): Pick<Policy, 'onAnswer' | 'createStreamFilter'> {
    const [rule, path] = [ruleOf(side), pathOf(side)];
    return {
      onAnswer({ context }, json) {
        const violation = judgeAnswer(rule, json, path);
        return violation !== null && intervene('RESPONSE', context) && answer('RESPONSE', violation, side);
      },
      createStreamFilter: ({ context }) =>
        new GuardedStream(rule, (violation) => {
          if (!intervene('RESPONSE', context)) return;
          const error = new GatewayError('policy_refused', violation.reason, { status: 422 });
          throw new PolicyRefusal(error, answer('RESPONSE', violation, side));
        }),
    };
  }
}

function pathOf({ jsonPath }: Side): GuardedPath | null {
  return jsonPath === undefined || jsonPath === '' ? null : { text: jsonPath, path: new JsonPath(jsonPath) };
}
