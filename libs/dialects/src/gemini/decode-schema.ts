import type { Json, JsonObject } from '../canonical/json.ts';
import { arrayOf, numberOf, objectOf, stringOf } from './json-fields.ts';

/** Bounds that Google, whose 64-bit numbers are strings, may have as text. */
const COUNTS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);

/** Deeper schemas than any caller has; what is below is taken as it is. */
const MAX_DEPTH = 64;

/** Gemini's subset of OpenAPI's schemas as JSON Schema: types in lower case, `nullable` a type of its own. */
export function decodeSchema(schema: JsonObject, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) return schema;
  const { type, nullable, properties, items, anyOf, propertyOrdering: _order, ...rest } = schema;
  const inner = (value: Json): Json => {
    const object = objectOf(value);
    return object ? decodeSchema(object, depth + 1) : value;
  };
  const entries = Object.entries(objectOf(properties) ?? {}).map(([name, value]) => [name, inner(value ?? {})]);
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, plainCount(name, value)])),
    ...(type !== undefined && { type: decodeType(type, nullable === true) }),
    ...(properties !== undefined && { properties: Object.fromEntries(entries) as JsonObject }),
    ...(items !== undefined && { items: inner(items) }),
    ...(anyOf !== undefined && { anyOf: decodeAlternatives(anyOf, nullable === true && type === undefined, inner) }),
  };
}

function decodeType(type: Json, nullable: boolean): Json {
  const name = stringOf(type)?.toLowerCase();
  if (name === undefined) return type;
  return nullable ? [name, 'null'] : name;
}

function decodeAlternatives(anyOf: Json, nullable: boolean, inner: (value: Json) => Json): Json {
  const alternatives = arrayOf(anyOf).map(inner);
  return nullable ? [...alternatives, { type: 'null' }] : alternatives;
}

function plainCount(name: string, value: Json | undefined): Json | undefined {
  if (!COUNTS.has(name) || typeof value !== 'string') return value;
  return numberOf(Number(value)) ?? value;
}
