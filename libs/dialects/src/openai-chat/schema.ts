import type { Json, JsonObject } from '../canonical/json.ts';

/** `finish_reason` as OpenAI's types have it; typed callers break on any other. */
export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

export type ChatUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: {
    readonly cached_tokens: number;
    readonly cache_write_tokens?: number;
    readonly audio_tokens?: number;
    readonly image_tokens?: number;
  };
  readonly completion_tokens_details?: {
    readonly reasoning_tokens?: number;
    readonly audio_tokens?: number;
    readonly image_tokens?: number;
  };
};

/** An entry of `reasoning_details`, as OpenRouter's callers know it. */
export type ChatReasoningDetail =
  | {
      readonly type: 'reasoning.text';
      readonly text: string;
      /** With a signature alone: `reasoningCheck` of the whole text. */
      readonly id?: string;
      readonly signature?: string;
      readonly format: 'unknown';
      readonly index: number;
    }
  | {
      readonly type: 'reasoning.encrypted';
      readonly data: string;
      readonly format: 'unknown';
      readonly index: number;
    };

export type ChatAnnotation = {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly url: string;
    readonly title: string;
    readonly start_index: number;
    readonly end_index: number;
  };
};

type Signed = { /** Google's place for signatures. */ readonly extra_content?: JsonObject };

export type ChatToolCall = Signed &
  (
    | {
        readonly id: string;
        readonly type: 'function';
        readonly function: { readonly name: string; readonly arguments: string };
      }
    | {
        readonly id: string;
        readonly type: 'custom';
        readonly custom: { readonly name: string; readonly input: string };
      }
  );

/** The assistant's message of an answer. */
export type ChatMessage = Signed & {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly refusal: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly ChatReasoningDetail[];
  readonly annotations?: readonly Json[];
  readonly audio?: Json;
  readonly tool_calls?: readonly ChatToolCall[];
  readonly function_call?: { readonly name: string; readonly arguments: string };
};

export type ChatChoice = {
  readonly index: number;
  readonly message: ChatMessage;
  readonly logprobs: Json;
  readonly finish_reason: ChatFinishReason;
};

export type ChatCompletion = {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatChoice[];
  readonly service_tier?: string;
  readonly usage?: ChatUsage;
};

/** A call in a chunk: id and name once, then pieces of the arguments. */
export type ChatToolCallDelta = Signed & {
  readonly index: number;
  readonly id?: string;
  readonly type?: 'function' | 'custom';
  readonly function?: { readonly name?: string; readonly arguments: string };
  readonly custom?: { readonly name?: string; readonly input: string };
};

export type ChatDelta = Signed & {
  readonly role?: 'assistant';
  readonly content?: string;
  readonly refusal?: string;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly ChatReasoningDetail[];
  readonly annotations?: readonly Json[];
  readonly tool_calls?: readonly ChatToolCallDelta[];
  readonly function_call?: { readonly name?: string; readonly arguments: string };
};

export type ChatChunkChoice = {
  readonly index: number;
  readonly delta: ChatDelta;
  readonly logprobs: Json;
  readonly finish_reason: ChatFinishReason | null;
};

export type ChatChunk = {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatChunkChoice[];
  readonly service_tier?: string;
  /** Null in all but the last chunk; absent when the caller did not ask for usage. */
  readonly usage?: ChatUsage | null;
};
