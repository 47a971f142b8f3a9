import type { Dialect, ModelProfileOverrides } from '@penstock/contracts';
import type { Json, JsonObject, ParameterPolicy } from '@penstock/dialects';

/** How a caller of each surface asks. */
export type VectorClientName = 'chat' | 'completions' | 'responses' | 'messages' | 'count-tokens' | 'embeddings';

interface VectorHead {
  /** Of research/translation.md §11, with a letter where a row has several cases; `B` rows of the documents; `X` cases beyond both. */
  readonly id: string;
  readonly title: string;
  /** Where the failure was reported that the vector keeps from coming back. */
  readonly source: string;
  /** Where the expectation departs from the specification's words, or fills a gap of it, and why. */
  readonly note?: string;
  readonly client: VectorClientName;
  readonly upstream: { readonly dialect: Dialect; readonly template: string };
  /** `lenient` unless it says otherwise. */
  readonly policy?: ParameterPolicy;
  /** Laid over the dialect's defaults (over vLLM's own profile for its template). */
  readonly profile?: ModelProfileOverrides;
  /** The model's name at the upstream; `upstream-model` unless it says otherwise. */
  readonly model?: string;
}

/** An error as a caller gets it. */
export interface ExpectedError {
  readonly status: number;
  readonly code: string;
  readonly param?: string;
  readonly body?: JsonObject;
}

/** A caller's body, and the body that its upstream gets. Text in place of JSON is compared byte for byte. */
export interface RequestVector extends VectorHead {
  readonly kind: 'request';
  readonly input: JsonObject | string;
  readonly expected?: JsonObject | string;
  /** What `x-penstock-warnings` tells of, in any order; absent: nothing. */
  readonly warnings?: readonly string[];
  readonly error?: ExpectedError;
  /** Where it goes. */
  readonly address?: { readonly baseUrl: string; readonly apiVersion?: string; readonly url: string };
}

/** A whole answer of an upstream, and what the caller gets. */
export interface ResponseVector extends VectorHead {
  readonly kind: 'response';
  /** The caller's request; the plainest one of its surface unless it says otherwise. */
  readonly request?: JsonObject;
  readonly input: JsonObject;
  readonly expected?: JsonObject;
  readonly error?: ExpectedError;
}

/** One frame of a caller's stream: its event's name where it has one, and its data, parsed unless it is a word such as `[DONE]`. */
export interface ExpectedFrame {
  readonly event?: string;
  readonly data?: Json;
  readonly comment?: string;
}

/** An upstream's stream, and the frames of the caller's (text: its bytes), or the error that comes in place of them. */
export interface StreamVector extends VectorHead {
  readonly kind: 'stream';
  readonly request?: JsonObject;
  readonly input: string | readonly string[];
  readonly expected?: readonly ExpectedFrame[] | string;
  readonly error?: ExpectedError;
}

/** An error answer of an upstream, and the caller's. */
export interface ErrorVector extends VectorHead {
  readonly kind: 'error';
  readonly input: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string | Json;
  };
  readonly expected: {
    readonly status: number;
    readonly body: JsonObject;
    /** Whether another target may be tried. */
    readonly retryable: boolean;
    readonly cooldownMs?: number;
    /** What the caller is told to wait. */
    readonly retryAfterMs?: number;
  };
}

/** An upstream's vectors, and those that the caller gets in the encoding that it asked for. */
export interface EmbeddingsVector extends VectorHead {
  readonly kind: 'embeddings';
  readonly request: JsonObject;
  readonly input: JsonObject;
  readonly expected: JsonObject;
}

export type GoldenVector = RequestVector | ResponseVector | StreamVector | ErrorVector | EmbeddingsVector;
