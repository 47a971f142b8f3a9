import { describe, expect, it } from '@jest/globals';
import type { Dialect } from '@penstock/contracts';
import {
  anthropicCodec,
  bedrockConverseCodec,
  type CanonicalRequest,
  type DialectCodec,
  geminiCodec,
  type JsonObject,
  openAiChatCodec,
  openAiResponsesCodec,
  prepareRequest,
  Warnings,
} from '@penstock/dialects';
import fc from 'fast-check';
import { arbitraryConversation } from '../testing/arbitrary-conversation.ts';
import { COMPATIBILITY_LOSSES } from '../testing/compatibility-losses.ts';
import { viewOf } from '../testing/conversation-view.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { readConverseRequest } from '../testing/read-converse-request.ts';
import { ablestProfile, VECTOR_MODEL_GROUP } from '../testing/round-trip-profiles.ts';

const CLIENTS = [openAiChatCodec, openAiResponsesCodec, anthropicCodec, geminiCodec];
const UPSTREAMS: readonly DialectCodec[] = [
  ...CLIENTS,
  { ...bedrockConverseCodec, decodeRequest: readConverseRequest },
];
const PAIRS = CLIENTS.flatMap((client) =>
  UPSTREAMS.filter((upstream) => upstream !== client).map((upstream) => ({
    client,
    upstream,
    name: `${client.dialect} > ${upstream.dialect}`,
  })),
);

const encode = (codec: DialectCodec, request: CanonicalRequest): JsonObject => {
  const context = { upstreamModel: 'm', profile: ablestProfile(codec.dialect), warnings: new Warnings('lenient') };
  // What stands in the path of Gemini's requests is laid over their body.
  const place = codec.dialect === 'gemini' ? { model: 'm', stream: request.stream } : {};
  return { ...(JSON.parse(JSON.stringify(codec.encodeRequest(request, context))) as JsonObject), ...place };
};

function throughUpstream(request: CanonicalRequest, upstream: DialectCodec): CanonicalRequest {
  const origin = { dialect: upstream.dialect, modelGroup: VECTOR_MODEL_GROUP };
  const warnings = new Warnings('lenient');
  const context = { upstream: upstream.dialect, profile: ablestProfile(upstream.dialect), origin, warnings };
  return upstream.decodeRequest(encode(upstream, prepareRequest(request, context).request));
}

const lossesOf = (client: Dialect, upstream: Dialect) =>
  COMPATIBILITY_LOSSES.filter(
    (loss) => loss.upstreams.includes(upstream) && (loss.clients === 'all' || loss.clients.includes(client)),
  );

describe('a conversation, decoded from its caller and encoded for an upstream', () => {
  it.each(PAIRS)('says the same but for the documented losses: $name', ({ client, upstream }) => {
    const conversation = arbitraryConversation({ client: client.dialect, upstream: upstream.dialect });
    const losses = lossesOf(client.dialect, upstream.dialect);
    fc.assert(
      fc.property(conversation, (said) => {
        const request = client.decodeRequest(encode(client, said));
        const left = losses.reduce((view, loss) => loss.apply(view), viewOf(request));
        expect(viewOf(throughUpstream(request, upstream))).toEqual(left);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
