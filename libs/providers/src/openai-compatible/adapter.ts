import { openAiChatCodec } from '@penstock/dialects';
import { chatBodyFitter } from '../chat-body/chat-body-fitter.ts';
import { restrictionReader } from '../chat-body/chat-restrictions.ts';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader, versionOfBareOrigin } from '../http/base-url.ts';
import { noSuchOperation } from '../http/no-such-operation.ts';
import { outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { openAiPath } from '../openai/request-path.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import { compatibleDialectFor } from './dialect-for.ts';

const readBaseUrl = baseUrlReader(versionOfBareOrigin('v1'));
const fitter = chatBodyFitter(restrictionReader('beyond-defaults'));

/** Any server that speaks OpenAI's Chat. Few have the Responses API, so that is asked for only where a profile says so. */
export const openAiCompatibleAdapter: ProviderAdapter = {
  template: 'openai-compatible',
  dialectFor: compatibleDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    if (call.operation === 'count-tokens') noSuchOperation('openai-compatible', call.operation);
    const path = prefix + openAiPath(call.operation, call.dialect);
    return simpleRequest(call, { origin, path, headers: outgoingHeadersWithAuth(call) });
  },
  readError: upstreamErrorReader(openAiChatCodec),
  needsAdjustment: fitter.needsAdjustment,
  adjustBody: fitter.adjustBody,
};
