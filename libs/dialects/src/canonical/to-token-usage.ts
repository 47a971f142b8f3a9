import type { TokenUsage } from '@penstock/contracts';
import type { CanonicalUsage } from './canonical-usage.ts';

/** Bound of a count of tokens in a usage event. */
const MAX_TOKENS = 1_000_000_000;

const bounded = (count: number | undefined): number =>
  count !== undefined && count > 0 ? Math.min(MAX_TOKENS, Math.trunc(count)) : 0;

/**
 * The counts of a usage event, in OpenAI's convention: `inputTokens` is the whole input, cached or not, `outputTokens` includes
 * reasoning. What is absent counts as 0; every count is from 0 to 10^9, and no part is larger than its whole. The kinds that most
 * requests do not have are left out where there are none, since events are written on the way of the request.
 */
export function toTokenUsage(usage: Partial<CanonicalUsage>): TokenUsage {
  const cached = bounded(usage.cacheRead);
  const longWrites = bounded(usage.cacheWrite1h);
  const writes = bounded(usage.cacheWrite5m) + longWrites;
  const inputTokens = bounded(bounded(usage.inputUncached) + writes + cached);
  const outputTokens = bounded(usage.output);
  const cachedInputTokens = Math.min(inputTokens, cached);
  const tokens: TokenUsage = {
    inputTokens,
    outputTokens,
    cachedInputTokens,
    reasoningTokens: Math.min(outputTokens, bounded(usage.reasoning)),
  };
  const cacheWriteTokens = Math.min(inputTokens - cachedInputTokens, writes);
  if (cacheWriteTokens > 0) {
    tokens.cacheWriteTokens = cacheWriteTokens;
    if (longWrites > 0) tokens.longCacheWriteTokens = Math.min(cacheWriteTokens, longWrites);
  }
  addModalities(tokens, usage);
  return tokens;
}

/** Audio and images; input of theirs that came from the cache counts as cached alone, where the vendor tells them apart. */
function addModalities(tokens: TokenUsage, usage: Partial<CanonicalUsage>): void {
  const { inputTokens, outputTokens } = tokens;
  const audioInput = Math.min(inputTokens, bounded(bounded(usage.audioInput) - bounded(usage.audioCacheRead)));
  const imageInput = bounded(bounded(usage.imageInput) - bounded(usage.imageCacheRead));
  const audioOutput = Math.min(outputTokens, bounded(usage.audioOutput));
  const imageOutput = Math.min(outputTokens - audioOutput, bounded(usage.imageOutput));
  if (audioInput > 0) tokens.audioInputTokens = audioInput;
  if (audioOutput > 0) tokens.audioOutputTokens = audioOutput;
  if (imageInput > 0 && inputTokens > audioInput) {
    tokens.imageInputTokens = Math.min(inputTokens - audioInput, imageInput);
  }
  if (imageOutput > 0) tokens.imageOutputTokens = imageOutput;
}
