import type { CanonicalPart } from './canonical-part.ts';
import type { CanonicalUsage } from './canonical-usage.ts';
import type { Json } from './json.ts';

/** Why a model stopped. `malformed`: the vendor says that its own output was unusable. */
export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'context-length'
  | 'tool-calls'
  | 'content-filter'
  | 'refusal'
  | 'pause'
  | 'malformed';

export interface Finish {
  readonly reason: FinishReason;
  /** The sequence that stopped it, where the vendor says which. */
  readonly stopSequence?: string;
  /** Why it refused, in the vendor's words. */
  readonly explanation?: string;
}

export interface CanonicalChoice {
  /** text, refusal, reasoning, tool-call and opaque parts, in order. */
  readonly parts: readonly CanonicalPart[];
  readonly finish: Finish;
  /** In Chat's shape: `{content, refusal}`. */
  readonly logprobs?: Json;
}

/** What a model answered, in no vendor's words. Never without a choice. */
export interface CanonicalResponse {
  /** The upstream's id; encoders make their own where its shape does not fit. */
  readonly id: string;
  /** The model that answered, as the upstream calls it. */
  readonly model: string;
  /** Epoch seconds; absent when the upstream does not say. */
  readonly created?: number;
  readonly choices: readonly CanonicalChoice[];
  readonly usage: CanonicalUsage | null;
  /** OpenAI's word. */
  readonly serviceTier?: string;
}
