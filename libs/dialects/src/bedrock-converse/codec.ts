import type { DialectCodec } from '../canonical/dialect-codec.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';
import { notServed, readFault, renderError, renderErrorFrame } from './errors.ts';
import { readUsage } from './read-usage.ts';
import { createStreamDecoder } from './stream-decoder.ts';

/**
 * Amazon Bedrock's `converse` and `converse-stream`: a dialect of upstreams. Callers speak it only to Bedrock itself, where nothing
 * is translated, so `decodeRequest`, `encodeResponse`, `createStreamEncoder` and `renderErrorFrame` throw `not_found`.
 */
export const bedrockConverseCodec: DialectCodec = {
  dialect: 'bedrock-converse',
  decodeRequest: refuse,
  encodeRequest,
  decodeResponse,
  encodeResponse: refuse,
  createStreamDecoder,
  createStreamEncoder: refuse,
  readUsage,
  readFault,
  renderError,
  renderErrorFrame,
};

function refuse(): never {
  throw notServed();
}
