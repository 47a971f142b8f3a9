import type { Dialect, GatewayError, Operation } from '@penstock/contracts';

/** Response headers by lower-case name; the last value of a repeated header. */
export type HeaderMap = Readonly<Record<string, string>>;

/** One attempt at one target. */
export interface UpstreamCall {
  readonly operation: Operation;
  /** Base URL of the provider, as the admin wrote it. */
  readonly baseUrl: string;
  readonly upstreamModel: string;
  readonly stream: boolean;
  /** The body in the upstream's dialect, ready to be sent. */
  readonly body: Uint8Array | null;
  readonly auth: { readonly header: string; readonly value: string } | null;
  readonly requestId: string;
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
  /** The dialect the vendor speaks for an operation; undefined when it has no such operation. */
  dialectFor(operation: Operation): Dialect | undefined;
  buildRequest(call: UpstreamCall): UpstreamRequest;
  /** Turns a failed answer into our error. */
  readError(status: number, headers: HeaderMap, body: string): ReadError;
}
