import type { CanonicalRequest, OutputFormat } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { encodeInput } from './encode-input.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';
import { present } from './json-fields.ts';

/** Writes a prepared request. Nothing is stored; signed reasoning comes back in the answer instead. */
export function encodeRequest(request: CanonicalRequest, context: EncodeRequestContext): JsonObject {
  const { instructions, input } = encodeInput(request, context.profile);
  return {
    ...request.extra,
    ...present({
      model: context.upstreamModel,
      instructions,
      input,
      ...encodeToolFields(request),
      max_output_tokens: request.maxOutputTokens,
      temperature: request.temperature,
      top_p: request.topP,
      top_logprobs: request.logprobs,
      text: encodeText(request),
      reasoning: encodeReasoning(request),
      service_tier: request.serviceTier,
      metadata: request.metadata,
      safety_identifier: request.endUser,
      prompt_cache_key: request.promptCacheKey,
      include: encodeInclude(request, context),
      store: false,
      stream: request.stream ? true : undefined,
    }),
  };
}

function encodeToolFields(request: CanonicalRequest): JsonObject {
  const tools = encodeTools(request);
  if (tools.length === 0) return {};
  const { toolChoice, parallelToolCalls } = request;
  return {
    tools,
    tool_choice: toolChoice && encodeToolChoice(toolChoice, request.tools),
    parallel_tool_calls: parallelToolCalls,
  };
}

function encodeText({ output, verbosity }: CanonicalRequest): JsonObject | undefined {
  const format = output.kind === 'text' ? undefined : encodeFormat(output);
  return format || verbosity !== undefined ? present({ format, verbosity }) : undefined;
}

function encodeFormat(output: Exclude<OutputFormat, { kind: 'text' }>): JsonObject {
  if (output.kind === 'json') return { type: 'json_object' };
  const { name = 'structured_output', description, schema, strict } = output;
  return present({ type: 'json_schema', name, description, schema, strict });
}

/** A summary is asked for unless the caller does not want to read the reasoning: it is never shown otherwise. */
function encodeReasoning({ reasoning }: CanonicalRequest): JsonObject | undefined {
  if (!reasoning) return undefined;
  const { effort, display } = reasoning;
  const unread = effort === 'none' || display === 'omitted';
  const encoded = present({ effort, summary: reasoning.summary ?? (unread ? undefined : 'auto') });
  return Object.keys(encoded).length === 0 ? undefined : encoded;
}

/** Models that do not think refuse to be asked for their encrypted reasoning. */
function encodeInclude(request: CanonicalRequest, { profile }: EncodeRequestContext): readonly string[] | undefined {
  const include = [
    ...(profile.thinking === 'none' ? [] : ['reasoning.encrypted_content']),
    ...(request.logprobs === undefined ? [] : ['message.output_text.logprobs']),
  ];
  return include.length === 0 ? undefined : include;
}
