import type { TokenUsage } from '@penstock/contracts';
import type { AnswerEnd } from './relay.ts';

/**
 * Usage of a stream that broke off before its final report, of which so many pieces of output were seen: some vendors report
 * the input at the beginning, and of the output only its first token. When none was seen the model may have thought, unseen, for
 * `workedMs`.
 */
export function partialUsage(
  usage: TokenUsage | null,
  seen: number,
  workedMs: number,
): Pick<AnswerEnd, 'usage' | 'outputTokensSeen' | 'usageIsPartial' | 'unseenMs'> {
  const unseen = seen === 0 ? { unseenMs: workedMs } : {};
  if (!usage) return { usage, outputTokensSeen: seen, ...unseen };
  const outputTokens = Math.max(usage.outputTokens, seen);
  return { usage: { ...usage, outputTokens }, outputTokensSeen: seen, usageIsPartial: true, ...unseen };
}
