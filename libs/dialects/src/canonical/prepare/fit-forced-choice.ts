import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { asksToThink } from './asks-to-think.ts';
import { callerName } from './caller-name.ts';

/**
 * A model that cannot be forced to use a tool while it thinks does not think; one that always thinks is not forced. Runs
 * before `fitReasoning`.
 */
export function fitForcedChoice(request: CanonicalRequest, { profile, warnings }: PrepareContext): CanonicalRequest {
  const { toolChoice, dialect } = request;
  const isForced = toolChoice?.mode === 'required' || toolChoice?.mode === 'named';
  if (!isForced || profile.forcedToolWithThinking || profile.thinking === 'none') return request;
  if (profile.thinkingOff) {
    if (!asksToThink(request)) return request;
    warnings.note('converted', callerName(dialect, 'reasoning'));
    return { ...request, reasoning: { effort: 'none' } };
  }
  warnings.add('converted', callerName(dialect, 'toolChoice'));
  return { ...request, toolChoice: { mode: 'auto' } };
}
