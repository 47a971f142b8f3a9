import type { Finish, FinishReason } from '../canonical/canonical-response.ts';

/** Reasons for which Google withholds an answer. */
const FILTERED: ReadonlySet<string> = new Set([
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/**
 * Gemini's finish reason in no vendor's words. It says STOP after calls too. Reasons that nobody knows yet count as
 * `malformed`; calls that came nevertheless are there to be run.
 */
export function finishOf(reason: string, message: string | undefined, hasCalls: boolean): Finish {
  const explanation = message === undefined ? {} : { explanation: message };
  if (reason === 'MAX_TOKENS') return { reason: 'length' };
  if (FILTERED.has(reason)) return { reason: 'content-filter', ...explanation };
  if (hasCalls) return { reason: 'tool-calls' };
  return reason === 'STOP' ? { reason: 'stop' } : { reason: 'malformed', ...explanation };
}

const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'context-length': 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  pause: 'STOP',
  malformed: 'OTHER',
};

/** The finish reason in Gemini's words. */
export function finishReasonOf(finish: Finish): { finishReason: string; finishMessage?: string } {
  const finishReason = REASONS[finish.reason];
  return finish.explanation === undefined ? { finishReason } : { finishReason, finishMessage: finish.explanation };
}
