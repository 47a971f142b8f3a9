import type { UpstreamCall, UpstreamRequest } from '../provider-adapter.ts';

/** What an adapter has to say of a request beyond its body. */
interface RequestParts {
  readonly origin: string;
  readonly path: string;
  readonly headers: readonly string[];
}

/** A GET without a body, else a POST. */
export function simpleRequest({ body }: UpstreamCall, { origin, path, headers }: RequestParts): UpstreamRequest {
  return { method: body ? 'POST' : 'GET', origin, path, headers, body };
}
