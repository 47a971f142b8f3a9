import type { CanonicalRequest, CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { objectOf, present } from './json-fields.ts';

const NO_PARAMETERS: JsonObject = { type: 'object', properties: {} };

/** The tools of a prepared request, those of one namespace together where its first one stands. */
export function encodeTools(request: CanonicalRequest): readonly JsonObject[] {
  const groups = new Map<string, JsonObject[]>();
  const tools: JsonObject[] = [];
  for (const tool of request.tools) {
    const encoded = encodeTool(tool, request);
    if (tool.namespace === undefined) tools.push(encoded);
    else if (groups.has(tool.namespace)) groups.get(tool.namespace)?.push(encoded);
    else {
      const members = [encoded];
      groups.set(tool.namespace, members);
      tools.push({ type: 'namespace', name: tool.namespace, description: '', tools: members });
    }
  }
  return request.webSearch === undefined ? tools : [...tools, webSearchTool(request.webSearch)];
}

function encodeTool(tool: CanonicalTool, { dialect }: CanonicalRequest): JsonObject {
  const { kind, name, description, native } = tool;
  if (kind === 'server') return objectOf(native?.value) ?? { type: name };
  if (kind === 'custom') return present({ type: 'custom', name, description, format: flatFormat(native?.value) });
  // Left out, it means strict here and not strict elsewhere; strict would change the schema.
  const strict = tool.strict ?? (dialect === 'openai-responses' ? undefined : false);
  return present({ type: 'function', name, description, parameters: wholeSchema(tool.parameters), strict });
}

/** OpenAI wants `properties`, be there any or not. */
function wholeSchema(parameters: JsonObject | undefined): JsonObject {
  if (!parameters) return NO_PARAMETERS;
  return parameters['type'] === 'object' && parameters['properties'] === undefined
    ? { ...parameters, properties: {} }
    : parameters;
}

/** Chat nests the grammar of a custom tool one level deeper. */
function flatFormat(value: Json | undefined): JsonObject | undefined {
  const format = objectOf(value);
  const grammar = objectOf(format?.['grammar']);
  return grammar ? { type: 'grammar', ...grammar } : format;
}

/** Chat's `web_search_options`, whose location is nested one level deeper. */
function webSearchTool(options: Json): JsonObject {
  const { user_location: location, ...rest } = objectOf(options) ?? {};
  const nested = objectOf(objectOf(location)?.['approximate']);
  return { type: 'web_search', ...rest, ...(nested && { user_location: { type: 'approximate', ...nested } }) };
}

/** `tool_choice` in this dialect. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly CanonicalTool[]): Json {
  if (choice.mode === 'named') return reference(choice.name, tools);
  if (choice.allowed === undefined || choice.mode === 'none') return choice.mode;
  return { type: 'allowed_tools', mode: choice.mode, tools: choice.allowed.map((name) => reference(name, tools)) };
}

function reference(name: string, tools: readonly CanonicalTool[]): JsonObject {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool?.kind !== 'server') return { type: tool?.kind ?? 'function', name };
  return { type: objectOf(tool.native?.value)?.['type'] ?? name };
}
