import type { DialectCodec } from '../canonical/dialect-codec.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { readFault, renderError, renderErrorFrame } from './errors.ts';
import { readMessageUsage } from './read-usage.ts';
import { AnthropicStreamDecoder } from './stream-decoder.ts';
import { AnthropicStreamEncoder } from './stream-encoder.ts';

/** Anthropic Messages (`/v1/messages`), versions 2023-06-01 and 2026-10-21. */
export const anthropicCodec: DialectCodec = {
  dialect: 'anthropic',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder: (context) => new AnthropicStreamDecoder(context),
  createStreamEncoder: (context) => new AnthropicStreamEncoder(context),
  readUsage: readMessageUsage,
  readFault,
  renderError,
  renderErrorFrame,
};
