import type { Json, JsonObject } from '../canonical/json.ts';

/**
 * The wire types of Anthropic Messages that Penstock writes, as `@anthropic-ai/sdk` 1.12 and 0.137 declare them: every field
 * that those call required is here. What Penstock reads is checked field by field, since no caller or vendor is held to a type.
 */
export type WireUsage = {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  /** Null while it is not known. */
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  } | null;
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly thinking_tokens: number } | null;
  readonly server_tool_use: null;
  readonly service_tier: 'standard' | 'priority' | null;
  readonly inference_geo: null;
  readonly speed: null;
};

export type WireDeltaUsage = Pick<
  WireUsage,
  | 'input_tokens'
  | 'cache_creation_input_tokens'
  | 'cache_read_input_tokens'
  | 'output_tokens'
  | 'output_tokens_details'
  | 'server_tool_use'
>;

export type WireStopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

export type WireStopDetails = {
  readonly type: 'refusal';
  readonly category: null;
  readonly explanation: string | null;
};

/** Why an answer ended; the same fields in a whole message and in `message_delta`. */
export type WireStop = {
  readonly stop_reason: WireStopReason;
  readonly stop_sequence: string | null;
  readonly stop_details: WireStopDetails | null;
};

export type WireBlock =
  | { readonly type: 'text'; readonly text: string; readonly citations: readonly Json[] | null }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: JsonObject;
      readonly caller: { readonly type: 'direct' };
    };

/** The fields of a message besides its stop, which a stream leaves null at first. */
export type WireMessageFrame = {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly container: null;
  readonly diagnostics: null;
};

/** `error.type` of an error body (platform.claude.com, "Errors"). */
export const ERROR_TYPES = [
  'invalid_request_error',
  'authentication_error',
  'billing_error',
  'permission_error',
  'not_found_error',
  'conflict_error',
  'request_too_large',
  'rate_limit_error',
  'timeout_error',
  'api_error',
  'overloaded_error',
] as const;

export type ErrorType = (typeof ERROR_TYPES)[number];

const errorTypes: ReadonlySet<string> = new Set(ERROR_TYPES);

export function isErrorType(value: unknown): value is ErrorType {
  return typeof value === 'string' && errorTypes.has(value);
}
