import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { budgetOfEffort } from './effort-scale.ts';
import { without } from './without.ts';

/** What every model of Gemini that counts in tokens takes, least and most. */
const GEMINI_LIMITS = [512, 24_576] as const;
/** Claude refuses less. */
const LEAST_FOR_CLAUDE = 1024;

/**
 * Turns an effort into a number of tokens to think for, and fits it to the bound of the output. Claude counts thinking within
 * that bound, so that the tokens of an effort are added to it; a caller that gave a budget has counted it already.
 */
export function fitBudget(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  if (request.reasoning?.effort === undefined && request.reasoning?.budget === undefined) return request;
  return context.upstream === 'gemini' ? fitGemini(request, context) : fitClaude(request, context);
}

function fitGemini(request: CanonicalRequest, { profile }: PrepareContext): CanonicalRequest {
  const { effort, budget, ...rest } = request.reasoning ?? {};
  const bound = request.maxOutputTokens ?? profile.maxOutputTokens ?? profile.defaultMaxOutputTokens;
  const output = Math.min(bound, profile.maxOutputTokens ?? bound);
  const wanted = budget ?? budgetOfEffort(effort ?? 'none', output);
  const [least, most] = GEMINI_LIMITS;
  return { ...request, reasoning: { ...rest, budget: Math.max(least, Math.min(wanted, most)) } };
}

function fitClaude(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const { profile, warnings } = context;
  const { effort, budget, ...rest } = request.reasoning ?? {};
  const most = profile.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const asked = Math.max(1, request.maxOutputTokens ?? Math.min(profile.defaultMaxOutputTokens, most));
  const wanted = Math.max(
    LEAST_FOR_CLAUDE,
    budget ?? budgetOfEffort(effort ?? 'none', profile.maxOutputTokens ?? asked),
  );
  const isCounted = budget !== undefined && asked > LEAST_FOR_CLAUDE;
  const maxOutputTokens = Math.min(isCounted ? asked : asked + wanted, most);
  if (maxOutputTokens <= LEAST_FOR_CLAUDE) {
    warnings.add('dropped', callerName(request.dialect, 'reasoning'));
    return without(request, 'reasoning');
  }
  return { ...request, maxOutputTokens, reasoning: { ...rest, budget: Math.min(wanted, maxOutputTokens - 1) } };
}
