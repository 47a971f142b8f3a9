import type { Dialect, GatewayError, ModelProfile, Operation, TokenUsage } from '@penstock/contracts';
import type { DialectCodec, JsonObject, RequestFacts, SignatureOrigin, UpstreamFault } from '@penstock/dialects';
import type { RequestTranslation } from '../../dispatch/request-translation.ts';
import type { AnswerReader } from '../../dispatch/whole-answer.ts';
import type { RequestContext } from '../../http/request-context.ts';

/** The client's half of a codec: reads its requests, writes its answers. */
export type ClientCodec = Pick<
  DialectCodec,
  'decodeRequest' | 'encodeResponse' | 'createStreamEncoder' | 'renderError' | 'renderErrorFrame'
>;

/** Reads along while a stream of the client's own dialect passes through; correct for every split of the bytes. */
export interface PassThroughReader {
  /** Takes bytes of the upstream; returns those that may be released now. */
  push(chunk: Buffer): Buffer | null;
  /** The upstream has ended. */
  end(): Buffer | null;
  /** The success marker has arrived; it is withheld, since it may only be released once the books are written. */
  readonly done: boolean;
  /** The upstream said or did something that makes the answer a failure. */
  readonly failure: GatewayError | null;
  readonly finished: boolean;
  readonly hasContent: boolean;
  /** Events since the first one with content. */
  readonly contentEvents: number;
  readonly usage: TokenUsage | null;
  /** The success marker, or the upstream's own error event where it comes amid the answer; null or empty: the gateway writes its own. */
  readonly terminal: Buffer | null;
  /** What the upstream said that makes the answer a failure: before content it becomes what it would be with a status of its own. */
  readonly reported?: UpstreamFault | null;
  /** An answer that ends as its dialect says may still tell of a failure. */
  readonly fault?: UpstreamFault | null;
}

/** To whom a body is rewritten. */
export interface RewriteTarget {
  readonly upstreamModel: string;
  /** The models that will read the conversation's signatures. */
  readonly origin: SignatureOrigin;
  /** The most tokens that an answer may have; null: as the caller says. */
  readonly output: OutputTarget | null;
}

/** A bound of the output, to be written into a body that passes through. */
export interface OutputTarget {
  readonly tokens: number;
  /** Name of the member by which the model takes it, where the dialect has several. */
  readonly field: ModelProfile['maxTokensField'];
}

/** How one operation is offered to clients of one dialect. */
export interface Surface {
  readonly operation: Operation;
  readonly dialect: Dialect;
  readonly client: ClientCodec;
  /** Members by which callers bound an answer; none where nothing is generated. The first one is what callers are told of. */
  readonly outputFields: readonly string[];
  /** The body with what the path says, where it has to be one document. */
  complete?(body: Buffer, context: RequestContext): Buffer;
  /** Checks the body as far as routing and metering need it. Throws GatewayError. */
  scan(body: Buffer, context: RequestContext): RequestFacts;
  /** The body for an upstream of the same dialect: byte for byte the caller's but for the documented edits. */
  rewrite(body: Buffer, facts: RequestFacts, target: RewriteTarget): Buffer;
  /** The body without what the upstream refused in it, to be sent once more; null when that is not why it refused. */
  withoutRefused?(body: Buffer, status: number, answer: string): Buffer | null;
  /** What the caller says in the path rather than in the body, for the translation to another dialect. */
  pathFields?(facts: RequestFacts): JsonObject;
  createReader(facts: RequestFacts): PassThroughReader;
  /** Sent into a stream on which nothing moves; clients of the dialect skip it. */
  readonly keepAliveEvent: string;
  /** Where a whole answer that passes through needs more than a look. */
  answerReader?(facts: RequestFacts, body: Buffer): AnswerReader;
  /** Usage in a whole answer that passes through. */
  readUsage(body: Buffer): TokenUsage | null;
  /** What is answered when no upstream could; undefined: the error. Marked as an estimate in the warnings. */
  lastResort?(translation: RequestTranslation): JsonObject;
  /** The status with which this dialect reports an error. */
  statusOf(error: GatewayError): number;
}
