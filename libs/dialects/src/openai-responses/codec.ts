import type { DialectCodec } from '../canonical/dialect-codec.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { readResponsesFault, renderResponsesError, renderResponsesErrorFrame } from './errors.ts';
import { ResponsesStreamDecoder } from './stream-decoder.ts';
import { ResponsesStreamEncoder } from './stream-encoder.ts';
import { readWireUsage } from './wire-usage.ts';

/** The OpenAI Responses API, without stored state. */
export const openAiResponsesCodec: DialectCodec = {
  dialect: 'openai-responses',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder: (context) => new ResponsesStreamDecoder(context),
  createStreamEncoder: (context) => new ResponsesStreamEncoder(context),
  readUsage: (body) => readWireUsage(body['usage']),
  readFault: readResponsesFault,
  renderError: renderResponsesError,
  renderErrorFrame: renderResponsesErrorFrame,
};
