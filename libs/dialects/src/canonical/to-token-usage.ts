import type { TokenUsage } from '@penstock/contracts';
import type { CanonicalUsage } from './canonical-usage.ts';

/** Bound of a count of tokens in a usage event. */
const MAX_TOKENS = 1_000_000_000;

const bounded = (count: number | undefined): number =>
  count !== undefined && count > 0 ? Math.min(MAX_TOKENS, Math.trunc(count)) : 0;

/**
 * The counts of a usage event, in OpenAI's convention: `inputTokens` is the whole input, cached or not, `outputTokens` includes
 * reasoning. What is absent counts as 0; every count is from 0 to 10^9.
 */
export function toTokenUsage(usage: Partial<CanonicalUsage>): TokenUsage {
  const cached = bounded(usage.cacheRead);
  const uncached = bounded(usage.inputUncached) + bounded(usage.cacheWrite5m) + bounded(usage.cacheWrite1h);
  const inputTokens = bounded(uncached + cached);
  const outputTokens = bounded(usage.output);
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens: Math.min(inputTokens, cached),
    reasoningTokens: Math.min(outputTokens, bounded(usage.reasoning)),
  };
}
