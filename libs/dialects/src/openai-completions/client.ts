import type { DialectCodec } from '../canonical/dialect-codec.ts';
import { renderError, renderErrorFrame } from '../openai-chat/errors.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { CompletionsStreamEncoder } from './stream-encoder.ts';

/** The side of a codec that faces the caller. */
type ClientCodec = Pick<
  DialectCodec,
  'decodeRequest' | 'encodeResponse' | 'createStreamEncoder' | 'renderError' | 'renderErrorFrame'
>;

/** Callers of POST /v1/completions whose model is served by another dialect. Upstreams that have the operation get it passed through. */
export const openAiCompletionsClient: ClientCodec = {
  decodeRequest,
  encodeResponse,
  createStreamEncoder: (context) => new CompletionsStreamEncoder(context),
  renderError,
  renderErrorFrame,
};
