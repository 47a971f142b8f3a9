import type { Finish, FinishReason } from '../canonical/canonical-response.ts';
import type { Json } from '../canonical/json.ts';
import { isObject } from './read-fields.ts';
import type { WireStop, WireStopReason } from './schema.ts';

const REASONS: ReadonlyMap<Json | undefined, FinishReason> = new Map<WireStopReason, FinishReason>([
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['stop_sequence', 'stop-sequence'],
  ['tool_use', 'tool-calls'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['model_context_window_exceeded', 'context-length'],
]);

const WIRE_REASONS: Readonly<Record<FinishReason, WireStopReason>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-length': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
  malformed: 'end_turn',
};

interface StopFields {
  readonly reason: Json | undefined;
  readonly sequence: Json | undefined;
  readonly details: Json | undefined;
}

/** Why a vendor says that it stopped. Calls decide between `tool-calls` and `stop`; an unknown reason counts as `stop`. */
export function finishOf(stop: StopFields, hasCalls: boolean): Finish {
  const explanation = isObject(stop.details) ? stop.details['explanation'] : undefined;
  return {
    reason: withCalls(REASONS.get(stop.reason) ?? 'stop', hasCalls),
    ...(typeof stop.sequence === 'string' ? { stopSequence: stop.sequence } : {}),
    ...(typeof explanation === 'string' ? { explanation } : {}),
  };
}

/** The same for a caller: only values that official SDKs know. */
export function wireStopOf(finish: Finish, hasCalls: boolean): WireStop {
  const stop_reason = WIRE_REASONS[withCalls(finish.reason, hasCalls)];
  return {
    stop_reason,
    stop_sequence: stop_reason === 'stop_sequence' ? (finish.stopSequence ?? null) : null,
    stop_details:
      stop_reason === 'refusal' ? { type: 'refusal', category: null, explanation: finish.explanation ?? null } : null,
  };
}

function withCalls(reason: FinishReason, hasCalls: boolean): FinishReason {
  if (hasCalls && (reason === 'stop' || reason === 'stop-sequence')) return 'tool-calls';
  return !hasCalls && reason === 'tool-calls' ? 'stop' : reason;
}
