import { anthropicCodec, type JsonObject } from '@penstock/dialects';
import { upstreamErrorReader } from '../errors/read-upstream-error.ts';
import { baseUrlReader, versionUnlessPresent } from '../http/base-url.ts';
import { outgoingHeadersWithAuth } from '../http/outgoing-headers.ts';
import { simpleRequest } from '../http/simple-request.ts';
import { tokenCountReader } from '../http/token-count-reader.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';
import { adjustAnthropicBody, takesLess } from './adjust-body.ts';
import { anthropicDialectFor } from './dialect-for.ts';
import { anthropicHeaders } from './request-headers.ts';
import { anthropicPath } from './request-path.ts';

const readBaseUrl = baseUrlReader(versionUnlessPresent('v1'));

/** Anthropic's Messages API, and servers that speak it. */
export const anthropicAdapter: ProviderAdapter = {
  template: 'anthropic',
  dialectFor: anthropicDialectFor,
  buildRequest(call) {
    const { origin, prefix } = readBaseUrl(call.baseUrl);
    const headers = [...outgoingHeadersWithAuth(call), ...anthropicHeaders(call)];
    return simpleRequest(call, { origin, path: prefix + anthropicPath(call.operation), headers });
  },
  readError: upstreamErrorReader(anthropicCodec),
  needsAdjustment: (_facts, _body, call) => takesLess(call),
  adjustBody(body, call, warnings) {
    if (takesLess(call)) return adjustAnthropicBody(body, call, warnings);
    return call.operation === 'count-tokens' && call.translated ? countTokensBody(body) : body;
  },
  readTokenCount: tokenCountReader('input_tokens'),
};

/** What bounds or shapes the answer is nothing to be counted, and refused there. */
function countTokensBody(body: JsonObject): JsonObject {
  const {
    max_tokens: _max,
    stream: _stream,
    temperature: _temperature,
    top_p: _topP,
    top_k: _topK,
    stop_sequences: _stop,
    metadata: _metadata,
    service_tier: _tier,
    ...counted
  } = body;
  return counted;
}
