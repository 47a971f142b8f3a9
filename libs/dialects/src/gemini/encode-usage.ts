import { type CanonicalUsage, inputTokensOf } from '../canonical/canonical-usage.ts';
import type { GeminiUsage } from './schema.ts';

/** `usageMetadata`; thoughts count beside the candidates, not within them. */
export function encodeUsage(usage: CanonicalUsage): GeminiUsage {
  const reasoning = usage.reasoning ?? 0;
  const input = inputTokensOf(usage);
  return {
    promptTokenCount: input,
    candidatesTokenCount: Math.max(0, usage.output - reasoning),
    totalTokenCount: input + usage.output,
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
    ...(usage.cacheRead > 0 && { cachedContentTokenCount: usage.cacheRead }),
  };
}
