import type { Dialect, GatewayError, ModelProfile } from '@penstock/contracts';
import type { SseEvent } from '../sse/sse-event.ts';
import type { CanonicalEvent, UpstreamFault } from './canonical-event.ts';
import type { CanonicalRequest } from './canonical-request.ts';
import type { CanonicalResponse } from './canonical-response.ts';
import type { CanonicalUsage } from './canonical-usage.ts';
import type { JsonObject } from './json.ts';
import type { SignatureOrigin } from './signature.ts';
import type { Warnings } from './warnings.ts';

/** For writing a request to an upstream. The request has been through `prepareRequest` for the same profile. */
export interface EncodeRequestContext {
  /** The model's name at the provider. */
  readonly upstreamModel: string;
  readonly profile: ModelProfile;
  /** What is lost in encoding is reported here. */
  readonly warnings: Warnings;
}

/** For reading an answer of an upstream. */
export interface DecodeAnswerContext {
  /** Whose reasoning the answer carries. */
  readonly origin: SignatureOrigin;
  /** Makes ids where the upstream gives none: 9 characters of [A-Za-z0-9], which every vendor accepts as a tool call's id. */
  readonly createId: () => string;
  /** Names of the tools that were sent, where known: a call of any other is the vendor's own. */
  readonly toolNames?: ReadonlySet<string>;
}

/** For writing an answer to a caller. */
export interface EncodeAnswerContext {
  readonly requestId: string;
  /** The name by which the caller asked for the model. */
  readonly model: string;
  /** Epoch seconds, where the upstream does not say. */
  readonly created: number;
  /** The caller's request, as it was decoded. */
  readonly request: CanonicalRequest;
  /** Input as the gateway estimates it, for dialects whose streams begin with a count. */
  readonly estimatedInputTokens: number;
  /** Makes the random part of ids that the upstream does not give: 9 characters of [A-Za-z0-9]. */
  readonly createId: () => string;
}

/** A synchronous reducer from an upstream's events to canonical ones. */
export interface StreamDecoder {
  push(event: SseEvent): readonly CanonicalEvent[];
  /** The upstream's body has ended: completes what is open, or reports `error` with fault `upstream` when it was cut off. */
  end(): readonly CanonicalEvent[];
}

/** A synchronous reducer from canonical events to what the caller's stream gets: whole SSE frames as text, '' for nothing. */
export interface StreamEncoder {
  push(event: CanonicalEvent): string;
}

/**
 * One wire format, both ways. Pure: no clock, no randomness but what the context gives. The same eight files in each folder:
 * decode-request, encode-request, decode-response, encode-response, stream-decoder, stream-encoder, errors, schema.
 */
export interface DialectCodec {
  readonly dialect: Dialect;
  /** Throws `GatewayError` (invalid_request, invalid_type, missing_required_parameter, unsupported_parameter, ...) with `param`. */
  decodeRequest(body: JsonObject): CanonicalRequest;
  encodeRequest(request: CanonicalRequest, context: EncodeRequestContext): JsonObject;
  /** Throws `UpstreamFaultError` for an error in a 200's body and for a body that is no answer. */
  decodeResponse(body: JsonObject, context: DecodeAnswerContext): CanonicalResponse;
  encodeResponse(response: CanonicalResponse, context: EncodeAnswerContext): JsonObject;
  createStreamDecoder(context: DecodeAnswerContext): StreamDecoder;
  createStreamEncoder(context: EncodeAnswerContext): StreamEncoder;
  /** Usage in a whole answer of this dialect; null when there is none. For answers that are passed through. */
  readUsage(body: JsonObject): CanonicalUsage | null;
  /** Reads an error body; null when it is none of this dialect's. */
  readFault(status: number, body: string): UpstreamFault | null;
  /** Body of an error answer. */
  renderError(error: GatewayError, requestId: string): JsonObject;
  /** The error as the last frame of a stream; no success marker follows. */
  renderErrorFrame(error: GatewayError, requestId: string): string;
}
