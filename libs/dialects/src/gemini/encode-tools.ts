import type { ModelProfile } from '@penstock/contracts';
import type { CanonicalRequest, CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { objectOf } from './json-fields.ts';
import type { GeminiFunctionCallingConfig, GeminiFunctionDeclaration } from './schema.ts';

interface EncodedTools {
  readonly tools: readonly JsonObject[];
  readonly calling?: GeminiFunctionCallingConfig;
}

/** All functions as one tool, beside those that Google runs itself, and how the functions may be called. */
export function encodeTools(request: CanonicalRequest, profile: ModelProfile): EncodedTools {
  const functions = usableFunctions(request);
  const declarations = functions.map((tool) => declaration(tool, profile));
  const tools = [
    ...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []),
    ...request.tools.map(serverTool).filter((tool) => tool !== undefined),
    ...(request.webSearch === undefined ? [] : [{ googleSearch: {} }]),
  ];
  const isStrict = profile.strictTools && functions.some((tool) => tool.strict === true);
  const calling = declarations.length > 0 ? callingConfig(request.toolChoice, isStrict) : undefined;
  return { tools, ...(calling && { calling }) };
}

/** Gemini can narrow a forced choice only; otherwise the caller's subset becomes the whole list. */
function usableFunctions(request: CanonicalRequest): readonly CanonicalTool[] {
  const functions = request.tools.filter((tool) => tool.kind !== 'server');
  const choice = request.toolChoice;
  if (choice?.mode !== 'auto' || choice.allowed === undefined) return functions;
  const allowed = new Set(choice.allowed);
  return functions.filter((tool) => allowed.has(tool.name));
}

function declaration(tool: CanonicalTool, profile: ModelProfile): GeminiFunctionDeclaration {
  const schema = tool.parameters && hasParameters(tool.parameters) ? tool.parameters : undefined;
  const field = profile.schemaDialect === 'gemini' && !tool.plainSchema ? 'parameters' : 'parametersJsonSchema';
  return {
    name: tool.name,
    ...(tool.description && { description: tool.description }),
    ...(schema && { [field]: schema }),
  };
}

/** An object schema without properties is refused; a function without parameters has none at all. */
function hasParameters(schema: JsonObject): boolean {
  const properties = objectOf(schema['properties']);
  if (properties) return Object.keys(properties).length > 0;
  return ['anyOf', 'oneOf', 'allOf', '$ref', 'additionalProperties'].some((key) => schema[key] !== undefined);
}

function serverTool(tool: CanonicalTool): JsonObject | undefined {
  return tool.kind === 'server' && tool.native?.dialect === 'gemini' ? objectOf(tool.native.value) : undefined;
}

function callingConfig(choice: ToolChoice | undefined, isStrict: boolean): GeminiFunctionCallingConfig | undefined {
  if (choice?.mode === 'named') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  if (choice?.mode === 'required')
    return { mode: 'ANY', ...(choice.allowed && { allowedFunctionNames: choice.allowed }) };
  if (choice?.mode === 'none') return { mode: 'NONE' };
  // VALIDATED is AUTO with arguments that hold to the schema.
  if (isStrict) return { mode: 'VALIDATED' };
  return choice && { mode: 'AUTO' };
}
