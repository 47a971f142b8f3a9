import { JsonPath } from '@penstock/policies';
import type { Policy } from '../policy.ts';
import type { PolicyOwner, PolicyServices } from '../policy-factory.ts';
import type { GuardrailName } from './guardrail-answer.ts';
import { GuardedStream } from './guarded-stream.ts';
import { interventions } from './interventions.ts';
import { type GuardedPath, judgeAnswer, judgeRequest, type RequestScope } from './judge-request.ts';
import type { ValueRule } from './text-rule.ts';

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
  const { answerTo, endStream } = interventions({ name, type, mode }, owner, services);
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
        return violation ? answerTo('REQUEST', violation, side, context) : undefined;
      },
    };
  }

  function responseHooks(side: OfSide): Pick<Policy, 'onAnswer' | 'createStreamFilter'> {
    const [rule, path] = [ruleOf(side), pathOf(side)];
    return {
      onAnswer({ context }, json) {
        const violation = judgeAnswer(rule, json, path);
        return (violation && answerTo('RESPONSE', violation, side, context)) ?? false;
      },
      createStreamFilter: ({ context }) => new GuardedStream(rule, (violation) => endStream(violation, side, context)),
    };
  }
}

/** Where a side looks; null: what was said. */
export function pathOf({ jsonPath }: Pick<Side, 'jsonPath'>): GuardedPath | null {
  return jsonPath === undefined || jsonPath === '' ? null : { text: jsonPath, path: new JsonPath(jsonPath) };
}
