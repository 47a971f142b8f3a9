import type { DialectCodec } from '../canonical/dialect-codec.ts';
import { decodeUsage } from './chat-usage.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { renderError, renderErrorFrame } from './errors.ts';
import { readFault } from './read-fault.ts';
import { ChatStreamDecoder } from './stream-decoder.ts';
import { ChatStreamEncoder } from './stream-encoder.ts';

/** Chat Completions, as OpenAI, Azure, vLLM, Mistral and most others speak it. */
export const openAiChatCodec: DialectCodec = {
  dialect: 'openai-chat',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder: (context) => new ChatStreamDecoder(context),
  createStreamEncoder: (context) => new ChatStreamEncoder(context),
  readUsage: (body) => decodeUsage(body.usage),
  readFault,
  renderError,
  renderErrorFrame,
};
