import { openAiChatCodec } from '@penstock/dialects';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader, versionOfBareOrigin } from '../http/base-url.ts';
import { outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { tokenCountReader } from '../http/token-count-reader.ts';
import { compatibleDialectFor } from '../openai-compatible/dialect-for.ts';
import { openAiPath } from '../openai/request-path.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import { adjustVllmBody, vllmFitter } from './adjust-body.ts';
import { vllmNeedsAdjustment } from './needs-adjustment.ts';

const readBaseUrl = baseUrlReader(versionOfBareOrigin('v1'));

/** vLLM's OpenAI-compatible server. Its own Messages API is not relied upon: it is translated to Chat. */
export const vllmAdapter: ProviderAdapter = {
  template: 'vllm',
  dialectFor: (operation, profile) =>
    operation === 'count-tokens' ? 'openai-chat' : compatibleDialectFor(operation, profile),
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    const path =
      call.operation === 'count-tokens'
        ? `${prefix.replace(/\/v1$/, '')}/tokenize`
        : prefix + openAiPath(call.operation, call.dialect);
    return simpleRequest(call, { origin, path, headers: outgoingHeadersWithAuth(call) });
  },
  readError: upstreamErrorReader(openAiChatCodec),
  needsAdjustment: (facts, body, call) =>
    vllmNeedsAdjustment(facts, body, call) || vllmFitter.needsAdjustment(facts, body, call),
  adjustBody: adjustVllmBody,
  readTokenCount: tokenCountReader('count'),
};
