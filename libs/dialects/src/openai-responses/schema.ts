import type { Json, JsonObject } from '../canonical/json.ts';

/** Wire types of the OpenAI Responses API, as far as this codec writes them; named as in the official SDK. */

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export type ResponseOutputText = {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly JsonObject[];
  readonly logprobs: readonly Json[];
};

export type ResponseOutputRefusal = { readonly type: 'refusal'; readonly refusal: string };

export type ResponseOutputMessage = {
  readonly id: string;
  readonly type: 'message';
  readonly status: ItemStatus;
  readonly role: 'assistant';
  readonly content: readonly (ResponseOutputText | ResponseOutputRefusal)[];
};

export type ResponseReasoningItem = {
  readonly id: string;
  readonly type: 'reasoning';
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[];
  readonly encrypted_content?: string | null;
};

export type ResponseFunctionToolCall = {
  readonly id: string;
  readonly type: 'function_call';
  readonly status: ItemStatus;
  readonly arguments: string;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string;
};

export type ResponseCustomToolCall = {
  readonly id: string;
  readonly type: 'custom_tool_call';
  readonly status: ItemStatus;
  readonly call_id: string;
  readonly input: string;
  readonly name: string;
  readonly namespace?: string;
};

export type ResponseOutputItem =
  | ResponseOutputMessage
  | ResponseReasoningItem
  | ResponseFunctionToolCall
  | ResponseCustomToolCall;

export type ResponseUsage = {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
};

export type ResponseStatus = 'completed' | 'failed' | 'in_progress' | 'incomplete';

/** What differs from one state of a response to the next; the rest of the object repeats the request. */
export type ResponseState = {
  readonly status: ResponseStatus;
  readonly output: readonly JsonObject[];
  readonly usage: ResponseUsage | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly incomplete_details: { readonly reason: 'max_output_tokens' | 'content_filter' } | null;
  /** The tier that served the request, where the upstream says. */
  readonly service_tier?: string;
};
