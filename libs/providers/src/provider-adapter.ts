import type { Dialect, GatewayError, ModelProfile, Operation } from '@penstock/contracts';
import type { JsonObject, RequestFacts, Warnings } from '@penstock/dialects';

/** Headers by lower-case name; the last value of a repeated header. */
export type HeaderMap = Readonly<Record<string, string>>;

/** Of one attempt at one target, what decides how its body is written. */
export interface BodyCall {
  readonly operation: Operation;
  /** The dialect in which the body is written; the vendor speaks it. */
  readonly dialect: Dialect;
  readonly upstreamModel: string;
  readonly profile: ModelProfile;
  readonly stream: boolean;
  /** The request came in another dialect, and its body was written for this vendor; else the body is the caller's own. */
  readonly translated?: boolean;
  /** Of the vendor's API; null or left out where there is none. */
  readonly apiVersion?: string | null;
}

/** One attempt at one target. */
export interface UpstreamCall extends BodyCall {
  /** Base URL of the provider, as the admin wrote it. */
  readonly baseUrl: string;
  /** Of the vendor's API, for the query; null where there is none. */
  readonly apiVersion: string | null;
  /** The body as it is sent, already adjusted. */
  readonly body: Uint8Array | null;
  readonly auth: { readonly header: string; readonly value: string } | null;
  readonly requestId: string;
  /** The caller's headers, where its request passes through; none where it was translated. An adapter takes the few it knows. */
  readonly clientHeaders: HeaderMap;
  /** For signatures. */
  readonly now: Date;
}

/** What goes over the wire. `path` begins with `/` and includes the query. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST';
  readonly origin: string;
  readonly path: string;
  /** Name, value, name, value, ... as undici takes them without a copy. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | null;
}

export interface ReadError {
  readonly error: GatewayError;
  /** Whether another target may be tried. */
  readonly retryable: boolean;
  /** How long the target should be left alone. */
  readonly cooldownMs?: number;
}

/** What a vendor needs to be called: pure, builds and reads, never sends. */
export interface ProviderAdapter {
  readonly template: string;
  /**
   * The vendor takes so little of its dialect that a caller's body would seldom do: it is always decoded and written anew,
   * as if the caller spoke another dialect.
   */
  readonly alwaysTranslate?: boolean;
  /** The dialect the vendor speaks for an operation; undefined when it has no such operation. */
  dialectFor(operation: Operation, profile: ModelProfile): Dialect | undefined;
  buildRequest(call: UpstreamCall): UpstreamRequest;
  /** Turns a failed answer into our error. */
  readError(status: number, headers: HeaderMap, body: string): ReadError;
  /**
   * Whether a body that passes through has to be parsed and adjusted; without this method none has to. A look at the
   * members and a search in the bytes at most. `body` is the one that `facts` describe. Throws GatewayError for fields that callers must not send.
   */
  needsAdjustment?(facts: Pick<RequestFacts, 'members'>, body: Buffer, call: BodyCall): boolean;
  /**
   * The vendor's adjustments of a body in `call.dialect`: of a translated one always, of one that passes through where it
   * needs them. What is lost goes to `warnings`. Throws GatewayError for what the vendor must not be sent.
   */
  adjustBody?(body: JsonObject, call: BodyCall, warnings: Warnings): JsonObject;
  /** Tokens in an answer to `count-tokens`; null when it holds none. */
  readTokenCount?(answer: JsonObject): number | null;
}
