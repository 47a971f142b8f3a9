import type { TokenUsage } from '@penstock/contracts';
import type { TokenCounts } from './token-extraction.ts';

type Tokens = Pick<TokenUsage, 'inputTokens' | 'outputTokens'>;

/** What an answer says of its tokens in the places of a template, over what it says in those of its dialect; null where neither suffices. */
export function countedUsage(counts: TokenCounts, usual: TokenUsage | null): TokenUsage | null {
  const tokens = Object.keys(counts).length === 0 ? null : tokensOf(counts, usual);
  if (!tokens) return usual;
  const { cachedInputTokens, reasoningTokens } = usual ?? { cachedInputTokens: 0, reasoningTokens: 0 };
  return {
    ...tokens,
    cachedInputTokens: Math.min(cachedInputTokens, tokens.inputTokens),
    reasoningTokens: Math.min(reasoningTokens, tokens.outputTokens),
  };
}

function tokensOf({ promptTokens, completionTokens, totalTokens }: TokenCounts, usual: Tokens | null): Tokens | null {
  const inputTokens = promptTokens ?? remainder(totalTokens, completionTokens) ?? usual?.inputTokens;
  const outputTokens = completionTokens ?? remainder(totalTokens, inputTokens) ?? usual?.outputTokens;
  return inputTokens === undefined || outputTokens === undefined ? null : { inputTokens, outputTokens };
}

function remainder(total: number | undefined, part: number | undefined): number | undefined {
  return total === undefined || part === undefined ? undefined : Math.max(0, total - part);
}
