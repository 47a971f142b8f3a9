import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';

/**
 * Whether a model is in the middle of using tools and the thinking that led there is gone, because the caller or another
 * vendor lost it. A Claude that thinks by budget then refuses to go on thinking. Runs after foreign reasoning was dropped.
 */
export function lostItsThinking({ turns }: CanonicalRequest, { upstream, profile }: PrepareContext): boolean {
  if (profile.thinking !== 'budget' || (upstream !== 'anthropic' && upstream !== 'bedrock-converse')) return false;
  const last = turns.findLast(({ role }) => role === 'assistant');
  const awaitsModel = turns.at(-1)?.parts.some(({ type }) => type === 'tool-result') === true;
  const hasCalls = last?.parts.some(({ type }) => type === 'tool-call') === true;
  return awaitsModel && hasCalls && last.parts[0]?.type !== 'reasoning';
}
