import type { CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { GatewayError } from '@penstock/contracts';
import { decodeSchema } from './decode-schema.ts';
import { objectAt, objectsAt, stringAt, stringsAt } from './request-fields.ts';

/** Functions, and the tools that Google runs itself, one by one. */
export function decodeTools(value: Json | undefined): CanonicalTool[] {
  return objectsAt(value, 'tools').flatMap((tool, index) => {
    const { functionDeclarations, ...others } = tool;
    const path = `tools[${index}]`;
    const functions = objectsAt(functionDeclarations, `${path}.functionDeclarations`).map((declaration, at) =>
      decodeFunction(declaration, `${path}.functionDeclarations[${at}]`),
    );
    const servers = Object.entries(others).map(([name, settings]) => serverTool(name, settings ?? {}, path));
    return [...functions, ...servers];
  });
}

function decodeFunction(declaration: JsonObject, path: string): CanonicalTool {
  const name = stringAt(declaration['name'], `${path}.name`);
  if (!name) {
    throw new GatewayError('missing_required_parameter', 'A function has no name.', { param: `${path}.name` });
  }
  const description = stringAt(declaration['description'], `${path}.description`);
  const parameters = decodeParameters(declaration, path);
  return {
    kind: 'function',
    name,
    path,
    ...(description !== undefined && { description }),
    ...(parameters && { parameters }),
  };
}

/** Gemini's own schemas are told from JSON Schema by the field they stand in. */
function decodeParameters(declaration: JsonObject, path: string): JsonObject | undefined {
  const { parameters, parametersJsonSchema } = declaration;
  if (parametersJsonSchema !== undefined) return rawObjectAt(parametersJsonSchema, `${path}.parametersJsonSchema`);
  const schema = rawObjectAt(parameters, `${path}.parameters`);
  return schema && decodeSchema(schema);
}

/** Checked, but with its members as they are: names within a schema are the caller's. */
function rawObjectAt(value: Json | undefined, path: string): JsonObject | undefined {
  return objectAt(value, path) && (value as JsonObject);
}

function serverTool(name: string, settings: Json, path: string): CanonicalTool {
  return { kind: 'server', name, path, native: { dialect: 'gemini', value: { [name]: settings } } };
}

/** How functions may be called; undefined when the caller does not say. */
export function decodeToolChoice(value: Json | undefined): ToolChoice | undefined {
  const path = 'toolConfig.functionCallingConfig';
  const config = objectAt(value, path);
  const mode = stringAt(config?.['mode'], `${path}.mode`)?.toUpperCase();
  const allowed = stringsAt(config?.['allowedFunctionNames'], `${path}.allowedFunctionNames`);
  const subset = allowed && allowed.length > 0 ? { allowed } : {};
  switch (mode) {
    case 'NONE':
      return { mode: 'none' };
    case 'ANY':
      return forcedChoice(subset);
    case 'AUTO':
    case 'VALIDATED':
      return { mode: 'auto', ...subset };
    default:
      return undefined;
  }
}

function forcedChoice(subset: { readonly allowed?: readonly string[] }): ToolChoice {
  const [name, ...others] = subset.allowed ?? [];
  return name !== undefined && others.length === 0 ? { mode: 'named', name } : { mode: 'required', ...subset };
}
