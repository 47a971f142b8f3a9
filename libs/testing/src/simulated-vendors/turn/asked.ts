import type { Json } from './sample-from-schema.ts';

export interface OfferedTool {
  readonly name: string;
  /** JSON schema of the arguments, in the vendor's dialect of it; null where there is none. */
  readonly schema: Json | null;
}

/** A picture, document or sound that arrived. */
export interface ReceivedMedia {
  readonly kind: 'image' | 'document' | 'audio';
  readonly mimeType: string;
  /** The decoded bytes; null where only a reference was sent. */
  readonly bytes: Buffer | null;
  readonly reference: string | null;
}

export type AskedToolChoice =
  | { readonly mode: 'auto' | 'none' }
  /** One of the names must be called; empty: any tool. */
  | { readonly mode: 'forced'; readonly names: readonly string[] };

/** A request in terms that all vendors share: what the simulated model looks at. */
export interface Asked {
  readonly model: string;
  /** Text of the user's last turn. */
  readonly lastText: string;
  readonly media: readonly ReceivedMedia[];
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: AskedToolChoice;
  readonly parallelTools: boolean;
  /** Texts of the tool results that stand after the last turn of the model. */
  readonly results: readonly string[];
  /** The schema that the answer must fit; `{}` for any JSON; null for text. */
  readonly schema: Json | null;
  /** Whether the model may think. */
  readonly mayReason: boolean;
  readonly maxOutputTokens: number | null;
  readonly stops: readonly string[];
  /** What the tokens of the input are counted from. */
  readonly inputBytes: number;
}
