import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';

/** The Responses API refuses a lower bound. */
const MIN_RESPONSES_TOKENS = 16;

/** Brings the bound of the output into what the upstream takes; sets it where the dialect demands one. */
export function fitMaxTokens(
  request: CanonicalRequest,
  { upstream, profile, warnings }: PrepareContext,
): CanonicalRequest {
  const most = profile.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const asked = request.maxOutputTokens;
  if (asked === undefined) {
    if (upstream !== 'anthropic') return request;
    return { ...request, maxOutputTokens: Math.min(profile.defaultMaxOutputTokens, most) };
  }
  const least = upstream === 'openai-responses' ? MIN_RESPONSES_TOKENS : 1;
  const maxOutputTokens = Math.max(least, Math.min(asked, most));
  const name = callerName(request.dialect, 'maxOutputTokens');
  if (maxOutputTokens < asked) warnings.add('clamped', name);
  // A few tokens more than were asked for are no loss: agents probe with 1.
  if (maxOutputTokens > asked) warnings.note('clamped', name);
  return maxOutputTokens === asked ? request : { ...request, maxOutputTokens };
}
