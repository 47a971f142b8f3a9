import type { Dialect, ReasoningEffort } from '@penstock/contracts';
import type { CacheMark, CanonicalPart, TextPart } from './canonical-part.ts';
import type { Json, JsonObject } from './json.ts';

/** One turn. `tool-result` parts stand in turns of the user, `tool-call`, `reasoning` and `refusal` parts in the assistant's. */
export interface CanonicalTurn {
  /** `system`: a system message amid the conversation. */
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: readonly CanonicalPart[];
  /** Name of the participant, as OpenAI knows it. */
  readonly name?: string;
}

export interface SystemText extends TextPart {
  readonly origin: 'system' | 'developer' | 'instructions';
}

export interface CanonicalTool {
  /** server: run by the vendor; only its own dialect knows it. */
  readonly kind: 'function' | 'custom' | 'server';
  readonly name: string;
  /** The caller's group of tools (Responses `namespace`), whose name is put back in the answer. */
  readonly namespace?: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent when there are none. */
  readonly parameters?: JsonObject;
  /** The schema is plain JSON Schema although the profile's dialect is another, in which it cannot be said. */
  readonly plainSchema?: true;
  readonly strict?: boolean;
  /** Grammar of a custom tool's input, and the whole definition of a server tool. */
  readonly native?: { readonly dialect: Dialect; readonly value: Json };
  readonly cache?: CacheMark;
  readonly path?: string;
}

export type ToolChoice =
  | { readonly mode: 'auto' | 'none' | 'required'; /** Only these may be used. */ readonly allowed?: readonly string[] }
  | { readonly mode: 'named'; readonly name: string };

export type OutputFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  | {
      readonly kind: 'schema';
      readonly name?: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
      /** As with tools. */
      readonly plainSchema?: true;
    };

export interface ReasoningRequest {
  readonly effort?: ReasoningEffort;
  /** Tokens. */
  readonly budget?: number;
  /** Whether the caller wants to read it: `omitted` keeps the signature alone. */
  readonly display?: 'summarized' | 'omitted';
  /** OpenAI's `reasoning.summary`. */
  readonly summary?: 'auto' | 'concise' | 'detailed';
}

/**
 * What a caller asks of a model, in no vendor's words. Decoders fill it, `prepareRequest` fits it to a model, encoders write it.
 * Absent means that the caller did not say. Never changed in place: another attempt starts from the same request.
 */
export interface CanonicalRequest {
  /** The dialect it was decoded from. */
  readonly dialect: Dialect;
  readonly model: string;
  readonly stream: boolean;
  /** Whether a Chat client wants the usage chunk in its stream. */
  readonly includeUsage: boolean;
  /** What stands before the first turn, in order. */
  readonly system: readonly SystemText[];
  readonly turns: readonly CanonicalTurn[];
  readonly tools: readonly CanonicalTool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly stop?: readonly string[];
  readonly seed?: Json;
  readonly choices?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly logitBias?: JsonObject;
  /** Alternatives per token; 0: only the chosen one. */
  readonly logprobs?: number;
  readonly output: OutputFormat;
  readonly reasoning?: ReasoningRequest;
  readonly verbosity?: string;
  /** OpenAI's word: auto, default, flex, scale, priority. */
  readonly serviceTier?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Who the end user is, in the caller's words. */
  readonly endUser?: string;
  readonly promptCacheKey?: string;
  /** Anthropic's top-level cache mark. */
  readonly autoCache?: CacheMark;
  readonly prediction?: Json;
  /** OpenAI's `modalities`/`audio` when audio is asked for. */
  readonly audioOutput?: Json;
  readonly webSearch?: Json;
  readonly store?: boolean;
  /** Fields that the caller's dialect has and the canonical form has not, by their name on the wire; reported when they get lost. */
  readonly extra: JsonObject;
  readonly answer: AnswerWishes;
}

/** What the caller's dialect expects of the answer, beyond the canonical form. */
export interface AnswerWishes {
  /** A Chat caller that sent `functions` instead of `tools`. */
  readonly legacyFunctions?: boolean;
  /** A Responses caller that wants `reasoning.encrypted_content`. */
  readonly encryptedReasoning?: boolean;
  /** The Responses fields that an answer repeats (instructions, tools, metadata ...), as they were sent. */
  readonly echo?: JsonObject;
}
