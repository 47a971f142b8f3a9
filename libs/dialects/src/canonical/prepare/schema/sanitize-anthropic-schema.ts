import type { Json, JsonObject } from '../../json.ts';
import { describeConstraints } from './describe-constraints.ts';
import { refuseRecursion } from './refuse-recursion.ts';
import { mapSubschemas } from './subschemas.ts';

/** Keywords that Anthropic's structured output refuses. */
const REFUSED = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'maxItems',
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
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);
/** Notes about the document, which tell a model nothing. */
const NOTES = new Set(['$schema', '$id', '$comment']);

/**
 * A schema as Anthropic's structured output and strict tools take it (research/translation.md §5.5): objects are closed,
 * `oneOf` is `anyOf`, and constraints that are not known are told in the description. Throws `unsupported_parameter` for a
 * schema that contains itself.
 */
export function sanitizeAnthropicSchema(schema: JsonObject, param: string): JsonObject {
  refuseRecursion(schema, param);
  return sanitize(schema);
}

function sanitize(schema: JsonObject): JsonObject {
  const named = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !NOTES.has(keyword)));
  const described = describeConstraints(named, isRefused);
  const { oneOf, ...rest } = mapSubschemas(described, sanitize);
  const alternatives = [...listOf(rest['anyOf']), ...listOf(oneOf)];
  return {
    ...rest,
    ...(oneOf !== undefined && { anyOf: alternatives }),
    ...(isObjectSchema(rest) && { additionalProperties: false }),
  };
}

function isRefused(keyword: string, value: Json): boolean {
  if (keyword === 'minItems') return value !== 0 && value !== 1;
  if (keyword === 'format') return typeof value !== 'string' || !FORMATS.has(value);
  return REFUSED.has(keyword);
}

function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || properties !== undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
