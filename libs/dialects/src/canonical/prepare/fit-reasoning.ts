import type { CanonicalRequest, ReasoningRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { effortOfBudget, leastEffort, nearestEffort } from './effort-scale.ts';
import { fitBudget } from './fit-budget.ts';
import { lostItsThinking } from './lost-its-thinking.ts';
import { without } from './without.ts';

/**
 * Says how hard to think in the model's own terms: `budget` for a model that counts tokens, `effort` for the others, effort
 * `none` for one that shall not think. Reported as converted where the model cannot do quite what was asked for.
 */
export function fitReasoning(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const { profile, warnings } = context;
  const asked = request.reasoning;
  if (asked === undefined) return request;
  const name = callerName(request.dialect, 'reasoning');
  if (profile.thinking === 'none') {
    const isLost = asked.budget !== undefined || (asked.effort ?? 'none') !== 'none';
    if (isLost) warnings.add('dropped', name);
    return without(request, 'reasoning');
  }
  if (asked.effort === 'none') return switchOff(request, context);
  if (lostItsThinking(request, context)) {
    warnings.note('converted', name);
    return switchOff(request, context);
  }
  const shown = { ...asked, ...visibilityOf(asked, context) };
  if (profile.thinking === 'budget') return fitBudget({ ...request, reasoning: shown }, context);
  return { ...request, reasoning: withEffort(shown, request, context) };
}

/** A model that must think is asked to do so as little as it can, and to keep it to itself. */
function switchOff(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const { profile, warnings } = context;
  if (profile.thinkingOff) return { ...request, reasoning: { effort: 'none' } };
  warnings.note('converted', callerName(request.dialect, 'reasoning'));
  if (profile.thinking === 'budget')
    return fitBudget({ ...request, reasoning: { budget: 0, display: 'omitted' } }, context);
  const effort = leastEffort(profile.efforts);
  return effort ? { ...request, reasoning: { effort, display: 'omitted' } } : without(request, 'reasoning');
}

function withEffort(asked: ReasoningRequest, { dialect }: CanonicalRequest, context: PrepareContext): ReasoningRequest {
  const { budget, ...rest } = asked;
  const wanted = asked.effort ?? (budget === undefined ? undefined : effortOfBudget(budget));
  if (wanted === undefined) return rest;
  const effort = nearestEffort(wanted, context.profile.efforts);
  if (effort !== wanted) context.warnings.note('converted', callerName(dialect, 'reasoning'));
  return { ...rest, effort };
}

/** OpenAI asks for a summary, Anthropic for a display; either means that the caller wants to read it. */
function visibilityOf(asked: ReasoningRequest, { upstream }: PrepareContext): Partial<ReasoningRequest> {
  if (upstream !== 'openai-responses') return asked.summary && !asked.display ? { display: 'summarized' } : {};
  return asked.summary === undefined && asked.display !== 'omitted' ? { summary: 'auto' } : {};
}
