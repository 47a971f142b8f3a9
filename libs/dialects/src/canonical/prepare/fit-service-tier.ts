import type { Dialect } from '@penstock/contracts';
import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { callerName } from './caller-name.ts';
import { without } from './without.ts';

/** The tiers for which a dialect has a word; OpenAI's dialects have all. */
const KNOWN_TIERS: Partial<Record<Dialect, readonly string[]>> = {
  anthropic: ['auto', 'default'],
  gemini: ['default', 'flex', 'priority'],
  'bedrock-converse': ['default', 'flex', 'priority'],
};

/** Leaves out a service tier that the upstream does not have; `auto` asks for nothing and goes without a word. */
export function fitServiceTier(request: CanonicalRequest, { upstream, warnings }: PrepareContext): CanonicalRequest {
  const tier = request.serviceTier;
  if (tier === undefined || KNOWN_TIERS[upstream]?.includes(tier) !== false) return request;
  if (tier !== 'auto') warnings.add('dropped', callerName(request.dialect, 'serviceTier'));
  return without(request, 'serviceTier');
}
