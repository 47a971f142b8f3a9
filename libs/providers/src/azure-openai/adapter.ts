import { openAiChatCodec } from '@penstock/dialects';
import { chatBodyFitter } from '../chat-body/chat-body-fitter.ts';
import { restrictionReader } from '../chat-body/chat-restrictions.ts';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader } from '../http/base-url.ts';
import { outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { tokenCountReader } from '../http/token-count-reader.ts';
import { countTokensBody } from '../openai/count-tokens-body.ts';
import { openAiDialectFor } from '../openai/dialect-for.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import { azurePath } from './request-path.ts';

const readBaseUrl = baseUrlReader((path) => path);
const fitter = chatBodyFitter(restrictionReader('all'));

/** OpenAI's models at Azure, under the names of their deployments. */
export const azureOpenAiAdapter: ProviderAdapter = {
  template: 'azure-openai',
  dialectFor: openAiDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    return simpleRequest(call, { origin, path: azurePath(prefix, call), headers: outgoingHeadersWithAuth(call) });
  },
  readError: upstreamErrorReader(openAiChatCodec),
  needsAdjustment: fitter.needsAdjustment,
  adjustBody(body, call, warnings) {
    return call.operation === 'count-tokens' ? countTokensBody(body) : fitter.adjustBody(body, call, warnings);
  },
  readTokenCount: tokenCountReader('input_tokens'),
};
