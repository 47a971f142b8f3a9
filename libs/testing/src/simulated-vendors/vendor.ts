import type { IncomingHttpHeaders } from 'node:http';
import type { Failure, FailureKind } from './turn/failure.ts';
import type { Asked } from './turn/asked.ts';
import type { Turn } from './turn/turn.ts';
import type { Violation } from './violation.ts';

export const vendorNames = ['anthropic', 'azure', 'bedrock', 'gemini', 'mistral', 'openai', 'vllm'] as const;
export type VendorName = (typeof vendorNames)[number];

/** One request, read whole. */
export interface VendorRequest {
  readonly method: string;
  /** As it was sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as it was sent, without `?`. */
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
  /** Undefined when the body is not JSON. */
  readonly body: unknown;
}

/** One frame of a stream, written on its own. */
export type Frame = string | Buffer;

/** How a vendor writes one turn of its model. */
export interface TurnWriter {
  readonly stream: boolean;
  readonly contentType: string;
  /** The whole answer; becomes the body of a plain answer. */
  whole(turn: Turn): unknown;
  frames(turn: Turn): Iterable<Frame>;
  /** An error within a stream that began with 200, after so many frames of it. */
  errorFrames(turn: Turn, sent: number): Iterable<Frame>;
}

/** A request that generates, after it was checked. */
export interface Generating {
  readonly kind: 'generate';
  readonly asked: Asked;
  readonly writer: TurnWriter;
}

/** An answer that needs no generation: embeddings, counts, lists. */
export interface Plain {
  readonly kind: 'plain';
  readonly model: string | null;
  readonly inputTokens: number;
  readonly body: unknown;
}

/** What is wrong with a request in the vendor's eyes. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly model: string | null;
  readonly violations: readonly Violation[];
}

/** A refusal that is no fault of the request's form, such as a wrong key. */
export interface Refused {
  readonly kind: 'refused';
  readonly model: string | null;
  readonly failure: Failure;
}

export type Handled = Generating | Plain | Invalid | Refused;

/** One vendor: how it reads requests, and how it words refusals. */
export interface Vendor {
  readonly name: VendorName;
  /** Null for a path that the vendor does not have. `key` is the one credential that it takes; null: any will do. */
  handle(request: VendorRequest, key: string | null): Handled | null;
  /** The vendor's own 4xx for a request that breaks its rules. */
  refuse(violations: readonly Violation[], request: VendorRequest): Failure;
  /** The vendor's own answer to a fault of a kind. */
  fail(kind: FailureKind, request: VendorRequest, model: string): Failure;
  /** Headers of every answer. */
  headers(id: number): Readonly<Record<string, string>>;
}
