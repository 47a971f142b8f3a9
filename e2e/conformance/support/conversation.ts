import type { Thinking } from './caller.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

/** What a caller asks, in no vendor's words. */
export interface Question {
  readonly model: string;
  readonly stream: boolean;
  readonly say: string;
  readonly tools?: readonly OfferedTool[];
  /** A PNG as base64. */
  readonly image?: string;
  /** The answer has to fit it. */
  readonly schema?: JsonObject;
  /** The model is to think hard. */
  readonly think?: Thinking;
  /** Tokens. */
  readonly maxTokens?: number;
  /** The turn before this one. Its calls are answered by `results`, one for each, and then `say` is not said. */
  readonly after?: { readonly question: Question; readonly answer: Answer; readonly results: readonly string[] };
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** Tokens: `input` includes the cached ones, `output` those of the reasoning. */
export interface ReportedUsage {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  /** Null: the dialect was not told. */
  readonly reasoning: number | null;
}

export type Ending = 'stop' | 'tools' | 'length' | 'refusal';

/** An answer, as a caller's official client understood it. */
export interface Answer {
  readonly requestId: string;
  /** The whole answer as it came over the wire. */
  readonly wire: Promise<string>;
  /** What the answer calls the model. */
  readonly model: string;
  readonly text: string;
  readonly thoughts: string;
  readonly calls: readonly Call[];
  readonly ending: Ending;
  readonly usage: ReportedUsage;
  /** The assistant's turn in the caller's dialect, to be sent back as it came. */
  readonly turn: unknown;
}
