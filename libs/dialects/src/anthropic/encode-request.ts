import type { CanonicalRequest } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { cacheControlOf } from './cache-mark.ts';
import { encodeSystem, encodeTurns } from './encode-messages.ts';
import { encodeReasoning } from './encode-reasoning.ts';
import { encodeTools } from './encode-tools.ts';
import { given } from './given.ts';

/** Anthropic's words for OpenAI's. */
const SERVICE_TIERS: ReadonlyMap<string | undefined, string> = new Map([
  ['auto', 'auto'],
  ['default', 'standard_only'],
]);

/** Writes a prepared request for `/v1/messages`. Throws `GatewayError` `unsupported_content` for what no Claude takes. */
export function encodeRequest(request: CanonicalRequest, context: EncodeRequestContext): JsonObject {
  const { profile } = context;
  const system = encodeSystem(request.system);
  const { thinking, effort } = encodeReasoning(request);
  return {
    ...request.extra,
    model: context.upstreamModel,
    max_tokens: request.maxOutputTokens ?? profile.defaultMaxOutputTokens,
    ...(system.length === 0 ? {} : { system }),
    messages: encodeTurns(request.turns),
    ...encodeTools(request, context),
    ...encodeSampling(request),
    ...given('thinking', thinking),
    ...given('output_config', encodeOutputConfig(request, effort)),
    ...encodeService(request),
    ...cacheControlOf(request.autoCache),
    ...(request.stream ? { stream: true } : {}),
  };
}

function encodeSampling(request: CanonicalRequest): JsonObject {
  return {
    ...given('temperature', request.temperature),
    ...given('top_p', request.topP),
    ...given('top_k', request.topK),
    ...given('stop_sequences', request.stop),
  };
}

function encodeOutputConfig(request: CanonicalRequest, effort: string | undefined): JsonObject | undefined {
  const format = request.output.kind === 'schema' ? { type: 'json_schema', schema: request.output.schema } : undefined;
  if (effort === undefined && format === undefined) return undefined;
  return { ...given('effort', effort), ...given('format', format) };
}

function encodeService(request: CanonicalRequest): JsonObject {
  return {
    ...(request.endUser === undefined ? {} : { metadata: { user_id: request.endUser } }),
    ...given('service_tier', SERVICE_TIERS.get(request.serviceTier)),
  };
}
