import type { Finish, FinishReason } from '../canonical/canonical-response.ts';
import type { Json } from '../canonical/json.ts';
import { textOf } from './json-values.ts';
import type { ChatFinishReason } from './schema.ts';

/** What vendors of this dialect say, in lower case; some pass on the word of whatever stands behind them. */
const REASONS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['eos', 'stop'],
  ['stop_sequence', 'stop-sequence'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'context-length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['tool_use', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['safety', 'content-filter'],
  ['recitation', 'content-filter'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
]);

const GOOD_ENDS: ReadonlySet<FinishReason> = new Set(['stop', 'stop-sequence', 'tool-calls']);

/** What the answer holds, which its finish reason has to agree with. */
export interface AnswerContent {
  readonly hasCalls: boolean;
  readonly hasRefusal: boolean;
}

/**
 * Why a choice ended. `stopReason` is vLLM's field: a string is the sequence that stopped it. Calls make any good end one of calls
 * (Gemini and several parsers of vLLM say stop), and an end of calls without any is a plain one; a cut-off answer stays cut off.
 */
export function decodeFinish(reason: Json | undefined, stopReason: Json | undefined, content: AnswerContent): Finish {
  const read = readReason(textOf(reason).toLowerCase());
  const isGood = GOOD_ENDS.has(read);
  if (content.hasCalls && isGood) return { reason: 'tool-calls' };
  if (content.hasRefusal && isGood) return { reason: 'refusal' };
  if (read === 'stop' && typeof stopReason === 'string') return { reason: 'stop-sequence', stopSequence: stopReason };
  return { reason: read === 'tool-calls' ? 'stop' : read };
}

function readReason(said: string): FinishReason {
  return said === '' ? 'stop' : (REASONS.get(said) ?? 'malformed');
}

const CHAT_REASONS: Readonly<Record<FinishReason, ChatFinishReason>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-length': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: 'stop',
  malformed: 'stop',
};

/** OpenAI's own models end a refusal, which they put in words, with `stop`; where there are no words, it is a filter's doing. */
export function encodeFinish(
  reason: FinishReason,
  hasRefusalText: boolean,
  legacyFunctions: boolean,
): ChatFinishReason {
  if (reason === 'refusal' && hasRefusalText) return 'stop';
  if (reason === 'tool-calls' && legacyFunctions) return 'function_call';
  return CHAT_REASONS[reason];
}
