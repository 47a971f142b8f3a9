import type { CanonicalRequest, OutputFormat, SystemText } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import type { Warnings } from '../canonical/warnings.ts';
import { presentMembers } from '../gemini/json-fields.ts';
import { cachePoint, encodeMessages } from './encode-messages.ts';
import { encodeModelFields } from './encode-model-fields.ts';
import { encodeToolConfig } from './encode-tools.ts';

const SERVICE_TIERS: ReadonlySet<string> = new Set(['default', 'flex', 'priority']);

/** What a pair of `requestMetadata` may hold (Amazon Bedrock API reference, `Converse`). */
const METADATA = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const MAX_METADATA = 16;

/** Body of `converse` and `converse-stream`; the model stands in the path. */
export function encodeRequest(request: CanonicalRequest, context: EncodeRequestContext): JsonObject {
  const { profile, warnings } = context;
  const { guardrailConfig, performanceConfig } = request.extra;
  const tier = request.serviceTier;
  const body: JsonObject = {
    guardrailConfig,
    performanceConfig,
    system: encodeSystem(request.system),
    messages: encodeMessages(request.turns, warnings),
    inferenceConfig: presentMembers({
      maxTokens: request.maxOutputTokens,
      temperature: request.temperature,
      topP: request.topP,
      stopSequences: request.stop,
    }),
    toolConfig: encodeToolConfig(request, profile, warnings),
    additionalModelRequestFields: encodeModelFields(request, profile),
    outputConfig: encodeOutput(request.output),
    serviceTier: tier !== undefined && SERVICE_TIERS.has(tier) ? { type: tier } : undefined,
    requestMetadata: encodeMetadata(request.metadata ?? {}, warnings),
  };
  return presentMembers(body) ?? body;
}

function encodeSystem(system: readonly SystemText[]): JsonObject[] | undefined {
  const blocks = system
    .filter(({ text }) => text.trim() !== '')
    .flatMap(({ text, cache }): JsonObject[] => [{ text }, ...cachePoint(cache)]);
  return blocks.length > 0 ? blocks : undefined;
}

/** The schema goes as text. An object of any shape is asked for in words, by `prepareRequest`. */
function encodeOutput(output: OutputFormat): JsonObject | undefined {
  if (output.kind !== 'schema') return undefined;
  const { schema, name, description } = output;
  const jsonSchema = presentMembers({ schema: JSON.stringify(schema), name, description });
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}

function encodeMetadata(metadata: Readonly<Record<string, string>>, warnings: Warnings): JsonObject | undefined {
  const isFit = ([name, value]: readonly [string, string]): boolean =>
    name !== '' && METADATA.test(name) && METADATA.test(value);
  const pairs = Object.entries(metadata);
  const kept = pairs.filter(isFit).slice(0, MAX_METADATA);
  if (kept.length < pairs.length) warnings.add('dropped', 'metadata');
  return presentMembers(Object.fromEntries(kept));
}
