import { GatewayError } from '@penstock/contracts';
import type { AnswerWishes, CanonicalRequest } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeOutputFormat, decodeReasoning } from './decode-output.ts';
import { decodeSampling } from './decode-sampling.ts';
import { decodeTools } from './decode-tools.ts';
import { defined } from './defined.ts';
import { arrayOf } from './json-values.ts';
import { RequestFields } from './request-fields.ts';
import { CONTROL_FIELDS } from './request-rules.ts';

/** Fields that the canonical form has a place for. All others are `extra`. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set(
  `messages model stream stream_options max_tokens max_completion_tokens temperature top_p top_k min_p stop seed n
  frequency_penalty presence_penalty logit_bias logprobs top_logprobs response_format reasoning_effort reasoning
  thinking_token_budget include_reasoning tools tool_choice functions function_call parallel_tool_calls verbosity service_tier
  metadata user safety_identifier prompt_cache_key prediction modalities audio web_search_options store`.split(/\s+/),
);

type Limits = Pick<CanonicalRequest, 'maxOutputTokens' | 'logprobs' | 'parallelToolCalls'>;
type Wishes = Pick<
  CanonicalRequest,
  | 'verbosity'
  | 'serviceTier'
  | 'metadata'
  | 'endUser'
  | 'promptCacheKey'
  | 'prediction'
  | 'audioOutput'
  | 'webSearch'
  | 'store'
>;

/** Reads a request of a Chat Completions caller. Throws `GatewayError` for what cannot be routed or read. */
export function decodeRequest(body: JsonObject): CanonicalRequest {
  const fields = new RequestFields(body, '');
  const { tools, toolChoice, legacyFunctions } = decodeTools(fields);
  const reasoning = decodeReasoning(fields);
  const answer: AnswerWishes = legacyFunctions ? { legacyFunctions } : {};
  return {
    dialect: 'openai-chat',
    model: decodeModel(fields),
    ...decodeStreaming(fields),
    ...decodeMessages(decodeMessageList(fields)),
    tools,
    ...(toolChoice && { toolChoice }),
    ...decodeLimits(fields),
    ...(legacyFunctions && { parallelToolCalls: false }),
    ...decodeSampling(fields),
    output: decodeOutputFormat(fields),
    ...(reasoning && { reasoning }),
    ...decodeWishes(fields),
    extra: { ...decodeExtra(fields, KNOWN_FIELDS), ...otherStreamOptions(fields) },
    answer,
  };
}

export function decodeModel(body: RequestFields): string {
  return body.requiredString('model') || body.refuse('model', 'must not be empty');
}

/** Whether to stream, and whether with the usage chunk. */
export function decodeStreaming(body: RequestFields): Pick<CanonicalRequest, 'stream' | 'includeUsage'> {
  return {
    stream: body.boolean('stream') ?? false,
    includeUsage: body.fields('stream_options')?.boolean('include_usage') ?? false,
  };
}

/** What the canonical form has no place for, as it was written. Throws for fields that no caller may set. */
export function decodeExtra({ object }: RequestFields, known: ReadonlySet<string>): JsonObject {
  const extra: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) {
    if (CONTROL_FIELDS.has(name)) {
      throw new GatewayError('unknown_parameter', `'${name}' cannot be set by a request.`, { param: name });
    }
    if (!known.has(name) && value !== null && value !== undefined) extra[name] = value;
  }
  return extra;
}

/** `include_obfuscation` and whatever else there may be: for an upstream of this dialect alone. */
function otherStreamOptions(body: RequestFields): JsonObject {
  const { include_usage: _, ...others } = body.objectAt('stream_options') ?? {};
  return Object.keys(others).length === 0 ? {} : { stream_options: others };
}

function decodeMessageList(body: RequestFields): readonly RequestFields[] {
  if (body.value('messages') === null) {
    throw new GatewayError('missing_required_parameter', "Missing required parameter: 'messages'.", {
      param: 'messages',
    });
  }
  const messages = body.list('messages');
  return messages.length > 0 ? messages : body.refuse('messages', 'must hold at least one message');
}

function decodeLimits(body: RequestFields): Limits {
  return defined<Limits>({
    maxOutputTokens: body.integer('max_completion_tokens', 1) ?? body.integer('max_tokens', 1),
    logprobs: decodeLogprobs(body),
    parallelToolCalls: body.boolean('parallel_tool_calls'),
  });
}

function decodeLogprobs(body: RequestFields): number | undefined {
  const alternatives = body.integer('top_logprobs', 0) ?? 0;
  if (body.boolean('logprobs') === true) return alternatives;
  return alternatives === 0 ? undefined : body.refuse('top_logprobs', "needs 'logprobs' to be true");
}

function decodeWishes(body: RequestFields): Wishes {
  return defined<Wishes>({
    verbosity: body.string('verbosity'),
    serviceTier: body.string('service_tier'),
    metadata: decodeMetadata(body),
    endUser: body.string('safety_identifier') ?? body.string('user'),
    promptCacheKey: body.string('prompt_cache_key'),
    prediction: body.objectAt('prediction'),
    audioOutput: decodeAudioOutput(body),
    webSearch: body.objectAt('web_search_options'),
    store: body.boolean('store'),
  });
}

function decodeMetadata(body: RequestFields): Readonly<Record<string, string>> | undefined {
  const metadata = body.fields('metadata');
  if (!metadata) return undefined;
  return Object.fromEntries(Object.keys(metadata.object).map((name) => [name, metadata.requiredString(name)]));
}

/** Asked for by the modality; the `audio` field only says how it is to sound. */
function decodeAudioOutput(body: RequestFields): Json | undefined {
  const modalities = arrayOf(body.array('modalities'));
  if (!modalities.includes('audio')) return undefined;
  return defined<JsonObject>({ modalities, audio: body.objectAt('audio') });
}
