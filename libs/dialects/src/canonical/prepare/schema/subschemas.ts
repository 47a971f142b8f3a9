import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from './json-object.ts';

const SINGLE = new Set([
  'items',
  'additionalItems',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
]);
const LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items']);
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

type MapSchema = (schema: JsonObject) => Json;

/** The schema with each of its direct subschemas replaced. Values that only look like schemas (`enum`, `default`) stay. */
export function mapSubschemas(schema: JsonObject, map: MapSchema): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, mapKeyword(keyword, value, map)]),
  );
}

function mapKeyword(keyword: string, value: Json | undefined, map: MapSchema): Json | undefined {
  if (isJsonObject(value)) {
    if (SINGLE.has(keyword)) return map(value);
    return MAPS.has(keyword) ? mapValues(value, map) : value;
  }
  if (!Array.isArray(value) || !LISTS.has(keyword)) return value;
  return (value as readonly Json[]).map((item) => (isJsonObject(item) ? map(item) : item));
}

function mapValues(schemas: JsonObject, map: MapSchema): JsonObject {
  const entries = Object.entries(schemas);
  return Object.fromEntries(entries.map(([name, value]) => [name, isJsonObject(value) ? map(value) : value]));
}

/** The direct subschemas of a schema. */
export function subschemasOf(schema: JsonObject): readonly JsonObject[] {
  const found: JsonObject[] = [];
  mapSubschemas(schema, (subschema) => {
    found.push(subschema);
    return subschema;
  });
  return found;
}
