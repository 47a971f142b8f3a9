import type { Dialect } from '@penstock/contracts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { Json } from '../json.ts';
import type { PrepareContext } from '../prepare-context.ts';

/** Fields that only say how the answer is to be delivered to the caller, or that repeat what the canonical form holds. */
const MEANINGLESS: ReadonlySet<string> = new Set([
  'stream_options',
  'include',
  'betas',
  'anthropic_beta',
  'anthropic_version',
]);

const OPENAI = new Set(['safety_identifier', 'moderation', 'prompt_cache_retention', 'prompt_cache_options']);

/** Fields of one dialect that another one has under the same name, with the same meaning. */
const SHARED: Partial<Record<`${Dialect}>${Dialect}`, ReadonlySet<string>>> = {
  'openai-chat>openai-responses': OPENAI,
  'openai-responses>openai-chat': OPENAI,
  // Callers of Chat send them to Gemini's own Chat endpoint.
  'openai-chat>gemini': new Set(['safetySettings', 'cachedContent', 'labels']),
};

/** Leaves in `extra` what the upstream's dialect has as well, so that its encoder can write it as it is; reports the rest. */
export function gateExtra(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const { dialect } = request;
  const { upstream, profile, warnings } = context;
  if (dialect === upstream && profile.unknownFields === 'pass') return request;
  const shared = SHARED[`${dialect}>${upstream}`];
  const kept = Object.entries(request.extra).filter(([name, value]) => {
    if (shared?.has(name) === true) return true;
    if (isSaid(value) && !MEANINGLESS.has(name)) warnings.add('dropped', name);
    return false;
  });
  return { ...request, extra: Object.fromEntries(kept) };
}

/** Null and false stand for "not asked for". */
function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
