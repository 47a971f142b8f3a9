import { openAiChatCodec } from '@penstock/dialects';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader, versionUnlessPresent } from '../http/base-url.ts';
import { outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import { adjustMistralBody } from './adjust-body.ts';
import { mistralDialectFor } from './dialect-for.ts';
import { mistralPath } from './request-path.ts';

const readBaseUrl = baseUrlReader(versionUnlessPresent('v1'));

/** Mistral's API: OpenAI's Chat in a strict dress, with answers of its own that hold chunks of thinking. */
export const mistralAiAdapter: ProviderAdapter = {
  template: 'mistralai',
  alwaysTranslate: true,
  dialectFor: mistralDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    const path = prefix + mistralPath(call.operation);
    return simpleRequest(call, { origin, path, headers: outgoingHeadersWithAuth(call) });
  },
  readError: upstreamErrorReader(openAiChatCodec),
  needsAdjustment: () => true,
  adjustBody: adjustMistralBody,
};
