import type { Json, JsonObject } from '../../json.ts';
import { describeConstraints } from './describe-constraints.ts';
import { isJsonObject } from './json-object.ts';
import { mapSubschemas, subschemasOf } from './subschemas.ts';

/** Keywords that OpenAI refuses in strict mode. */
const REFUSED = new Set([
  'minLength',
  'maxLength',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedItems',
  'unevaluatedProperties',
  'not',
  'if',
  'then',
  'else',
]);

interface StrictSchema {
  readonly schema: JsonObject;
  /** False where strictness would change what the caller's schema means. */
  readonly strict: boolean;
}

/**
 * A schema as OpenAI's strict mode takes it: objects closed, `oneOf` as `anyOf`, constraints that are not known told in the
 * description. Strict mode also demands that every property is required; where one is optional, or an object is open or
 * composed by `allOf`, the schema stays as it is and is not strict.
 */
export function sanitizeOpenAiSchema(schema: JsonObject): StrictSchema {
  return canBeStrict(schema) ? { schema: sanitize(schema), strict: true } : { schema, strict: false };
}

function canBeStrict(schema: JsonObject): boolean {
  const { type, properties, additionalProperties, allOf } = schema;
  if (allOf !== undefined) return false;
  if (type === 'object' || properties !== undefined) {
    const isOpen = additionalProperties !== undefined && additionalProperties !== false;
    if (isOpen || properties === undefined || !requiresAll(schema)) return false;
  }
  return subschemasOf(schema).every(canBeStrict);
}

function requiresAll({ properties, required }: JsonObject): boolean {
  const names = new Set(Array.isArray(required) ? (required as readonly Json[]) : []);
  return isJsonObject(properties) && Object.keys(properties).every((name) => names.has(name));
}

function sanitize(schema: JsonObject): JsonObject {
  const described = describeConstraints(schema, (keyword) => REFUSED.has(keyword));
  const { oneOf, ...rest } = mapSubschemas(described, sanitize);
  const isObject = rest['type'] === 'object' || rest['properties'] !== undefined;
  return {
    ...rest,
    ...(Array.isArray(oneOf) && { anyOf: [...((rest['anyOf'] as readonly Json[] | undefined) ?? []), ...oneOf] }),
    ...(isObject && { additionalProperties: false }),
  };
}
