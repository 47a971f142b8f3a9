import type { CanonicalRequest, CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { defined } from './defined.ts';
import { isJsonObject } from './json-values.ts';

/** Tools and what goes with them. Without tools none of it is written: vLLM refuses an empty list, and a choice without tools. */
export function encodeTools(request: CanonicalRequest, context: EncodeRequestContext): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request;
  if (tools.length === 0) return {};
  return defined<JsonObject>({
    tools: tools.map((tool) => encodeTool(tool, context)),
    tool_choice: toolChoice && encodeToolChoice(toolChoice, tools),
    parallel_tool_calls: parallelToolCalls,
  });
}

function encodeTool(tool: CanonicalTool, { profile }: EncodeRequestContext): JsonObject {
  const { name, description, native } = tool;
  if (tool.kind === 'server') return isJsonObject(native?.value) ? native.value : { type: name };
  if (tool.kind === 'custom') {
    return { type: 'custom', custom: defined<JsonObject>({ name, description, format: encodeFormat(tool) }) };
  }
  const parameters = withProperties(tool.parameters ?? {});
  const strict = profile.strictTools ? tool.strict : undefined;
  return { type: 'function', function: defined<JsonObject>({ name, description, parameters, strict }) };
}

/** A grammar is nested here and flat in the Responses API. */
function encodeFormat({ native }: CanonicalTool): Json | undefined {
  const format = native?.value;
  if (!isJsonObject(format) || format.type !== 'grammar' || isJsonObject(format.grammar)) return format;
  const { type, ...grammar } = format;
  return { type, grammar };
}

/** OpenAI and vLLM want a schema of an object to name its properties, even when there are none. */
function withProperties(schema: JsonObject): JsonObject {
  const isBare = !('$ref' in schema || 'anyOf' in schema || 'oneOf' in schema || 'allOf' in schema);
  const typed = schema.type === undefined && isBare ? { type: 'object', ...schema } : schema;
  return typed.type === 'object' && typed.properties === undefined ? { ...typed, properties: {} } : typed;
}

/** A choice among some tools is none any more: the others have been left out. */
function encodeToolChoice(choice: ToolChoice, tools: readonly CanonicalTool[]): Json {
  if (choice.mode !== 'named') return choice.mode;
  const { name } = choice;
  const isCustom = tools.some((tool) => tool.name === name && tool.kind === 'custom');
  return isCustom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}
