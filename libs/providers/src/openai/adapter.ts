import { openAiChatCodec } from '@penstock/dialects';
import { chatBodyFitter } from '../chat-body/chat-body-fitter.ts';
import { restrictionReader } from '../chat-body/chat-restrictions.ts';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader, versionOfBareOrigin } from '../http/base-url.ts';
import { outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { tokenCountReader } from '../http/token-count-reader.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import { countTokensBody } from './count-tokens-body.ts';
import { openAiDialectFor } from './dialect-for.ts';
import { openAiPath } from './request-path.ts';

const readBaseUrl = baseUrlReader(versionOfBareOrigin('v1'));
const fitter = chatBodyFitter(restrictionReader('all'));

/** OpenAI itself: Chat, Responses, legacy completions and embeddings. */
export const openAiAdapter: ProviderAdapter = {
  template: 'openai',
  dialectFor: openAiDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    const path = prefix + openAiPath(call.operation, call.dialect);
    return simpleRequest(call, { origin, path, headers: outgoingHeadersWithAuth(call) });
  },
  readError: upstreamErrorReader(openAiChatCodec),
  needsAdjustment: fitter.needsAdjustment,
  adjustBody(body, call, warnings) {
    return call.operation === 'count-tokens' ? countTokensBody(body) : fitter.adjustBody(body, call, warnings);
  },
  readTokenCount: tokenCountReader('input_tokens'),
};
