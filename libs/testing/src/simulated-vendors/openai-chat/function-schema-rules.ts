import { textFrom } from '../text-from.ts';
import type { JsonObject } from '../json-object.ts';
import type { Json } from '../turn/sample-from-schema.ts';
import { brokenRule, type Violation } from '../violation.ts';

/** What OpenAI demands of a function's parameters or an output schema; more of it when it is strict. */
export function checkFunctionSchema(
  what: string,
  schema: JsonObject,
  strict: boolean,
  path: readonly (string | number)[],
): readonly Violation[] {
  if (schema['type'] !== 'object') {
    const message = `Invalid schema for ${what}: schema must be a JSON Schema of 'type: "object"', got 'type: "${textFrom(schema['type'] ?? 'None')}"'.`;
    return [brokenRule(path, message, 'invalid_function_parameters')];
  }
  return complaints(schema, strict, []).map((complaint) =>
    brokenRule(path, `Invalid schema for ${what}: ${complaint}`, 'invalid_function_parameters'),
  );
}

function complaints(node: Json | undefined, strict: boolean, context: readonly string[]): string[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return [];
  const schema = node as JsonObject;
  const at = `In context=(${context.map((name) => `'${name}'`).join(', ')})`;
  const found: string[] = [];
  if (schema['type'] === 'array' && schema['items'] === undefined) found.push(`${at}, array schema missing items.`);
  if (schema['type'] === 'object') found.push(...objectComplaints(schema, strict, at));
  const properties = Object.entries((schema['properties'] ?? {}) as JsonObject);
  return [
    ...found,
    ...properties.flatMap(([name, inner]) => complaints(inner, strict, [...context, 'properties', name])),
    ...((schema['anyOf'] ?? []) as Json[]).flatMap((inner, index) =>
      complaints(inner, strict, [...context, 'anyOf', String(index)]),
    ),
    ...complaints(schema['items'], strict, [...context, 'items']),
  ];
}

function objectComplaints(schema: JsonObject, strict: boolean, at: string): string[] {
  const { properties, required, additionalProperties } = schema as Readonly<Record<string, Json | undefined>>;
  if (properties === undefined && (additionalProperties === undefined || strict))
    return [`${at}, object schema missing properties.`];
  if (!strict) return [];
  const found: string[] = [];
  if (additionalProperties !== false)
    found.push(`${at}, 'additionalProperties' is required to be supplied and to be false.`);
  const names = Object.keys((properties ?? {}) as JsonObject);
  const missing = names.filter((name) => !((required ?? []) as Json[]).includes(name));
  if (missing.length > 0) {
    found.push(
      `${at}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${String(missing[0])}'.`,
    );
  }
  return found;
}
