import { GatewayError } from '@penstock/contracts';
import type { CanonicalTool, ToolChoice } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { objectsOf, textOf } from './json-fields.ts';
import { arrayField, booleanField, objectField, objectItem, requiredString, stringField } from './request-fields.ts';

/** Tools in the order in which they stand, those of a namespace among them. `at`: path of the array. */
export function decodeTools(tools: readonly Json[], at: string): readonly CanonicalTool[] {
  return tools.flatMap((tool, index) => decodeTool(objectItem(tool, `${at}[${index}]`), `${at}[${index}]`));
}

function decodeTool(tool: JsonObject, path: string): CanonicalTool | readonly CanonicalTool[] {
  const type = requiredString(tool, 'type', path);
  if (type === 'function') return decodeFunction(tool, path);
  if (type === 'custom') return decodeCustom(tool, path);
  if (type === 'namespace') return decodeNamespace(tool, path);
  return { kind: 'server', name: type, native: { dialect: 'openai-responses', value: tool }, path };
}

function named(tool: JsonObject, path: string): Pick<CanonicalTool, 'name' | 'description' | 'path'> {
  const description = stringField(tool, 'description', path);
  return { name: requiredString(tool, 'name', path), ...(description !== undefined && { description }), path };
}

function decodeFunction(tool: JsonObject, path: string): CanonicalTool {
  const parameters = objectField(tool, 'parameters', path);
  const strict = booleanField(tool, 'strict', path);
  return {
    kind: 'function',
    ...named(tool, path),
    ...(parameters && { parameters }),
    ...(strict !== undefined && { strict }),
  };
}

function decodeCustom(tool: JsonObject, path: string): CanonicalTool {
  const format = objectField(tool, 'format', path);
  return {
    kind: 'custom',
    ...named(tool, path),
    ...(format && { native: { dialect: 'openai-responses', value: format } }),
  };
}

function decodeNamespace(tool: JsonObject, path: string): readonly CanonicalTool[] {
  const namespace = requiredString(tool, 'name', path);
  const members = decodeTools(arrayField(tool, 'tools', path) ?? [], `${path}.tools`);
  return members.map((member) => ({ ...member, namespace }));
}

/** `tool_choice`; undefined when the caller leaves it to the model. */
export function decodeToolChoice(body: JsonObject): ToolChoice | undefined {
  const value = body['tool_choice'] ?? undefined;
  if (value === undefined) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return { mode: value };
  if (typeof value === 'string') invalidChoice(`'${value.slice(0, 64)}'`);
  const choice = objectField(body, 'tool_choice') ?? {};
  const type = requiredString(choice, 'type', 'tool_choice');
  if (type === 'allowed_tools') return allowedTools(choice);
  if (type !== 'function' && type !== 'custom') return { mode: 'named', name: type };
  return { mode: 'named', name: requiredString(choice, 'name', 'tool_choice') };
}

function allowedTools(choice: JsonObject): ToolChoice {
  const { mode } = choice;
  if (mode !== 'auto' && mode !== 'required') return invalidChoice('allowed_tools without a mode');
  // A hosted tool has no name but its type.
  const allowed = objectsOf(choice['tools']).flatMap((tool) => textOf(tool['name']) ?? textOf(tool['type']) ?? []);
  return { mode, allowed };
}

function invalidChoice(what: string): never {
  throw new GatewayError('invalid_request', `'tool_choice' cannot be ${what}.`, { param: 'tool_choice' });
}
