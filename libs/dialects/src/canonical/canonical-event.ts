import type { Citation } from './canonical-part.ts';
import type { Finish } from './canonical-response.ts';
import type { CanonicalUsage } from './canonical-usage.ts';
import type { Json } from './json.ts';
import type { Signature } from './signature.ts';

/**
 * A step of a streamed answer. `key` tells the parts of one answer apart; decoders choose it, encoders number the parts of
 * their own wire by the order in which keys come first. `choice` is 0 unless the caller asked for several.
 * After `finish` only `usage` and `end` follow; after `error` nothing does.
 */
export type CanonicalEvent =
  | { readonly type: 'start'; readonly id: string; readonly model: string; readonly created?: number }
  | {
      readonly type: 'text';
      readonly key: string;
      readonly text: string;
      readonly choice?: number;
      readonly logprobs?: Json;
    }
  | { readonly type: 'refusal'; readonly key: string; readonly text: string; readonly choice?: number }
  | { readonly type: 'reasoning'; readonly key: string; readonly text: string; readonly choice?: number }
  /** Signs the reasoning of this key, or, with nothing before it, stands for reasoning that is not shown. */
  | {
      readonly type: 'reasoning-signature';
      readonly key: string;
      readonly signature: Signature;
      readonly redacted?: boolean;
    }
  /** Signs the text of this key. */
  | { readonly type: 'text-signature'; readonly key: string; readonly signature: Signature }
  | { readonly type: 'citation'; readonly key: string; readonly citation: Citation }
  /** Sent once id and name are known; decoders make up an id where the upstream gives none. */
  | {
      readonly type: 'tool-call-start';
      readonly key: string;
      readonly id: string;
      readonly name: string;
      readonly kind: 'function' | 'custom';
      /** The caller's group of tools to which it belongs. */
      readonly namespace?: string;
      readonly signature?: Signature;
      readonly choice?: number;
    }
  /** A piece of the raw JSON text of the arguments (of the bare input of a custom tool). */
  | { readonly type: 'tool-call-arguments'; readonly key: string; readonly text: string }
  | { readonly type: 'tool-call-end'; readonly key: string }
  /** The part of this key is complete; optional. */
  | { readonly type: 'part-end'; readonly key: string }
  | { readonly type: 'usage'; readonly usage: Partial<CanonicalUsage> }
  | { readonly type: 'finish'; readonly finish: Finish; readonly choice?: number; readonly serviceTier?: string }
  | { readonly type: 'ping' }
  | { readonly type: 'error'; readonly error: UpstreamFault }
  /** The upstream completed its answer; without it the answer is cut off. */
  | { readonly type: 'end' };

/** What class of failure an upstream reports, in no vendor's words (research/translation.md §9.1). */
export type FaultClass =
  | 'bad-request'
  | 'context-length'
  | 'content-filter'
  | 'authentication'
  | 'permission'
  | 'quota'
  | 'not-found'
  | 'timeout'
  | 'conflict'
  | 'too-large'
  | 'rate-limit'
  | 'overloaded'
  | 'upstream';

/** A failure that an upstream reports in an error answer, in the body of a 200, or in a stream. */
export interface UpstreamFault {
  readonly fault: FaultClass;
  /** The vendor's message; shown to callers only for their own mistakes. */
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly retryAfterMs?: number;
}
