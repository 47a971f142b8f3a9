import type { Dialect } from '@penstock/contracts';
import type { Json } from './json.ts';
import type { Signature } from './signature.ts';

/** A mark that the prompt up to and including this part is to be cached. */
export interface CacheMark {
  readonly ttl: '5m' | '30m' | '1h';
}

interface Marked {
  readonly cache?: CacheMark;
  /** Where the part stands in the caller's document, such as `messages[0].content[1]`; for errors and warnings. */
  readonly path?: string;
}

export type MediaSource =
  | { readonly kind: 'data'; /** base64 */ readonly data: string; readonly mediaType: string }
  | { readonly kind: 'url'; readonly url: string; readonly mediaType?: string }
  | { readonly kind: 'file-id'; readonly id: string; readonly dialect: Dialect }
  /** A document that is plain text. */
  | { readonly kind: 'text'; readonly text: string };

export interface TextPart extends Marked {
  readonly type: 'text';
  readonly text: string;
  readonly citations?: readonly Citation[];
  /** Gemini signs text too. */
  readonly signature?: Signature;
}

/** A source of what the text says. Offsets count UTF-16 units of the whole text of the answer. */
export interface Citation {
  readonly url?: string;
  readonly title?: string;
  readonly startIndex?: number;
  readonly endIndex?: number;
  /** The vendor's own form, for a caller who speaks its dialect. */
  readonly native?: { readonly dialect: Dialect; readonly value: Json };
}

export interface RefusalPart extends Marked {
  readonly type: 'refusal';
  readonly text: string;
}

export interface MediaPart extends Marked {
  readonly type: 'image' | 'document' | 'audio';
  readonly source: MediaSource;
  readonly filename?: string;
  /** How closely an image is looked at, in OpenAI's words. */
  readonly detail?: string;
}

export interface ReasoningPart extends Marked {
  readonly type: 'reasoning';
  /** Empty when the vendor shows none but signs it. */
  readonly text: string;
  readonly signature?: Signature;
  /** Anthropic's redacted thinking: nothing but a signature. */
  readonly redacted?: boolean;
}

export interface ToolCallPart extends Marked {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** Raw JSON text as the model or the caller wrote it; the bare input of a custom tool. Parsed only where a dialect needs an object. */
  readonly arguments: string;
  readonly kind: 'function' | 'custom';
  /** The caller's group of tools to which it belongs. */
  readonly namespace?: string;
  readonly signature?: Signature;
}

export interface ToolResultPart extends Marked {
  readonly type: 'tool-result';
  readonly callId: string;
  /** Name of the tool, where the caller's dialect gives it. */
  readonly name?: string;
  readonly parts: readonly (TextPart | MediaPart)[];
  readonly isError: boolean;
}

/** What only one dialect has a word for: server tools, search results, compaction. Goes to the same dialect or nowhere. */
export interface OpaquePart extends Marked {
  readonly type: 'opaque';
  readonly dialect: Dialect;
  readonly name: string;
  readonly value: Json;
}

export type CanonicalPart =
  | TextPart
  | RefusalPart
  | MediaPart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | OpaquePart;
