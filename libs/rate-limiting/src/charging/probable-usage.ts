import type { TokenUsage } from '@penstock/contracts';
import type { SentRequest } from './sent-request.ts';

/** Output that a request is expected to produce when it sets no bound itself. */
const PROBABLE_OUTPUT_TOKENS = 1024;
/** What the usage event can hold. */
const MAX_TOKENS = 1_000_000_000;

/** What a request will probably use; `inputTokens` is what the tokens of its body are estimated at. */
export function probableUsage({ surface, facts }: Omit<SentRequest, 'body'>, inputTokens: number): TokenUsage {
  const answer = facts.choices * (facts.maxOutputTokens ?? PROBABLE_OUTPUT_TOKENS);
  return {
    inputTokens: surface.operation === 'count-tokens' ? 0 : inputTokens,
    outputTokens: surface.outputFields.length === 0 ? 0 : Math.min(MAX_TOKENS, answer),
    cachedInputTokens: 0,
    reasoningTokens: 0,
  };
}
