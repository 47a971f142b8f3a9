import { boundOf, type CallPlan } from './call-plan.ts';

/** A streamed chat of so many tokens, of which each comes so long after the one before. */
export function planStream(
  requestId: string,
  { tokens, tokenDelayMs }: { readonly tokens: number; readonly tokenDelayMs: number },
): CallPlan {
  const body = JSON.stringify({
    model: 'chat',
    messages: [{ role: 'user', content: 'water' }],
    max_tokens: tokens,
    stream: true,
    stream_options: { include_usage: true },
    simulate: { firstTokenDelayMs: 1, tokenDelayMs, outputTokens: tokens },
  });
  return { requestId, body, stream: true, leaves: false, bound: boundOf(body, tokens) };
}
