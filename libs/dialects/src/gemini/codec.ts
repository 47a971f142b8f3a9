import type { DialectCodec } from '../canonical/dialect-codec.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { readFault, renderError, renderErrorFrame } from './errors.ts';
import { readUsage } from './read-usage.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';

/** Gemini's `generateContent` and `streamGenerateContent?alt=sse`, v1beta. */
export const geminiCodec: DialectCodec = {
  dialect: 'gemini',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  readUsage,
  readFault,
  renderError,
  renderErrorFrame,
};
