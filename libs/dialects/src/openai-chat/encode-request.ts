import type { CanonicalRequest, OutputFormat } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTools } from './encode-tools.ts';
import { defined } from './defined.ts';
import { objectOf } from './json-values.ts';

/**
 * Writes a prepared request for an upstream that speaks Chat Completions. How a vendor is told to go on with the assistant's own
 * words (fields of vLLM, a mark of Mistral) is its adapter's affair: the last message is the assistant's then.
 */
export function encodeRequest(request: CanonicalRequest, context: EncodeRequestContext): JsonObject {
  return {
    // What is left of them, the upstream has a word for.
    ...request.extra,
    model: context.upstreamModel,
    messages: encodeMessages(request, context),
    ...encodeStreaming(request, context),
    ...encodeTools(request, context),
    ...encodeSampling(request),
    ...encodeAnswerShape(request, context),
    ...encodeWishes(request),
  };
}

/** The usage of a stream is always asked for: the gateway counts it, whether or not the caller wants to see it. */
function encodeStreaming({ stream, extra }: CanonicalRequest, { profile }: EncodeRequestContext): JsonObject {
  if (!stream) return {};
  const options = { ...objectOf(extra.stream_options), include_usage: true };
  return profile.streamUsage === 'option' ? { stream, stream_options: options } : { stream };
}

function encodeSampling(request: CanonicalRequest): JsonObject {
  const { logprobs } = request;
  return defined<JsonObject>({
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    min_p: request.minP,
    stop: request.stop,
    seed: request.seed,
    n: request.choices,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    logit_bias: request.logitBias,
    logprobs: logprobs === undefined ? undefined : true,
    top_logprobs: logprobs || undefined,
  });
}

function encodeAnswerShape(request: CanonicalRequest, { profile }: EncodeRequestContext): JsonObject {
  const { reasoning, output } = request;
  return defined<JsonObject>({
    [profile.maxTokensField]: request.maxOutputTokens,
    response_format: encodeOutputFormat(output),
    reasoning_effort: reasoning?.effort,
    thinking_token_budget: reasoning?.budget,
    verbosity: request.verbosity,
    prediction: request.prediction,
    ...objectOf(request.audioOutput),
  });
}

function encodeOutputFormat(output: OutputFormat): JsonObject | undefined {
  if (output.kind === 'text') return undefined;
  if (output.kind === 'json') return { type: 'json_object' };
  const { name = 'structured_output', description, schema, strict } = output;
  return { type: 'json_schema', json_schema: defined<JsonObject>({ name, description, schema, strict }) };
}

function encodeWishes(request: CanonicalRequest): JsonObject {
  return defined<JsonObject>({
    service_tier: request.serviceTier,
    metadata: request.metadata,
    user: request.endUser,
    prompt_cache_key: request.promptCacheKey,
    web_search_options: request.webSearch,
    store: request.store,
  });
}
