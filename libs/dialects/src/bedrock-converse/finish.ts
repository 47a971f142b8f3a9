import type { Finish, FinishReason } from '../canonical/canonical-response.ts';

const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  model_context_window_exceeded: 'context-length',
  tool_use: 'tool-calls',
  content_filtered: 'content-filter',
  guardrail_intervened: 'content-filter',
  refusal: 'refusal',
};

/** Converse's stop reason in no vendor's words. What it says of calls gives way to whether there were any. */
export function finishOf(stopReason: string, hasCalls: boolean): Finish {
  const reason = REASONS[stopReason] ?? 'malformed';
  if (reason === 'tool-calls' && !hasCalls) return { reason: 'stop' };
  return { reason: hasCalls && (reason === 'stop' || reason === 'malformed') ? 'tool-calls' : reason };
}
