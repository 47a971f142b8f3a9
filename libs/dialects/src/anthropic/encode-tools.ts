import type { CanonicalRequest, CanonicalTool } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { cacheControlOf } from './cache-mark.ts';
import { given } from './given.ts';
import { isObject } from './read-fields.ts';

/** `tools` and `tool_choice`; neither when there are no tools, since one without the other is refused. */
export function encodeTools(request: CanonicalRequest, context: EncodeRequestContext): JsonObject {
  const tools = request.tools.flatMap((tool) => encodeTool(tool, context));
  if (tools.length === 0) return {};
  return { tools, ...given('tool_choice', encodeToolChoice(request)) };
}

function encodeTool(tool: CanonicalTool, context: EncodeRequestContext): readonly JsonObject[] {
  if (tool.kind === 'server') {
    const definition = tool.native?.dialect === 'anthropic' ? tool.native.value : undefined;
    if (!isObject(definition)) return [];
    const { cache_control: _, ...rest } = definition;
    return [{ ...rest, ...cacheControlOf(tool.cache) }];
  }
  const strict = context.profile.strictTools ? given('strict', tool.strict) : {};
  const description = given('description', tool.description);
  return [
    {
      name: tool.name,
      ...description,
      input_schema: withType(tool.parameters),
      ...strict,
      ...cacheControlOf(tool.cache),
    },
  ];
}

/** The whole schema of the caller; only the type, which Anthropic demands, is added where it is missing. */
function withType(schema: JsonObject | undefined): JsonObject {
  if (schema === undefined) return { type: 'object', properties: {} };
  return schema['type'] === undefined ? { type: 'object', ...schema } : schema;
}

function encodeToolChoice(request: CanonicalRequest): JsonObject | undefined {
  const alone = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const choice = request.toolChoice;
  switch (choice?.mode) {
    case 'none':
      return { type: 'none' };
    case 'required':
      return { type: 'any', ...alone };
    case 'named':
      return { type: 'tool', name: choice.name, ...alone };
    case 'auto':
      return { type: 'auto', ...alone };
    case undefined:
      return request.parallelToolCalls === false ? { type: 'auto', ...alone } : undefined;
  }
}
