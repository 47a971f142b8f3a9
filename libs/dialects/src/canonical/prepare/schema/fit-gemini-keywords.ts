import type { Json, JsonObject } from '../../json.ts';
import { describeConstraints } from './describe-constraints.ts';
import { isJsonObject } from './json-object.ts';

const KNOWN = new Set([
  'type',
  'format',
  'description',
  'title',
  'nullable',
  'enum',
  'items',
  'properties',
  'required',
  'anyOf',
  'default',
  'example',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'propertyOrdering',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]);
const FORMATS = new Set(['enum', 'date-time', 'int32', 'int64', 'float', 'double']);

type Sanitize = (value: Json) => JsonObject;

/** One schema, whose alternatives were flattened, with none but the keywords that Gemini knows; `sanitize` does its subschemas. */
export function fitGeminiKeywords(schema: JsonObject, sanitize: Sanitize): JsonObject {
  const { anyOf } = schema;
  if (Array.isArray(anyOf)) return { anyOf: (anyOf as readonly Json[]).map(sanitize) };
  const typed = { ...fitBounds(schema), type: typeOf(schema) };
  const told = describeConstraints(typed, (keyword, value) => keyword === 'enum' && !isTextEnum(typed.type, value));
  const known = Object.entries(told).filter(([keyword, value]) => KNOWN.has(keyword) && isLegal(keyword, value));
  return fitStructure(Object.fromEntries(known), schema, sanitize);
}

/** Without a word on the type it is told from what is said of it, else an object. */
function typeOf(schema: JsonObject): string {
  const { type, items, enum: values, pattern } = schema;
  if (typeof type === 'string') return type.toLowerCase();
  if (items !== undefined || schema['prefixItems'] !== undefined) return 'array';
  const isText = pattern !== undefined || (values !== undefined && isTextEnum('string', values));
  return isText ? 'string' : 'object';
}

/** Gemini knows lists of texts only; other values are told in the description. An empty text is refused. */
function isTextEnum(type: string, value: Json): boolean {
  return type === 'string' && Array.isArray(value) && value.every((item) => item === null || typeof item === 'string');
}

function isLegal(keyword: string, value: Json | undefined): boolean {
  if (keyword === 'format') return typeof value === 'string' && FORMATS.has(value);
  return keyword !== 'description' && keyword !== 'title' ? value !== undefined : typeof value === 'string';
}

/** Exclusive bounds become inclusive ones; only those of integers can be kept to the letter. */
function fitBounds(schema: JsonObject): JsonObject {
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const step = schema['type'] === 'integer' ? 1 : 0;
  return {
    ...(typeof exclusiveMinimum === 'number' && { minimum: exclusiveMinimum + step }),
    ...(typeof exclusiveMaximum === 'number' && { maximum: exclusiveMaximum - step }),
    ...rest,
  };
}

function fitStructure(known: JsonObject, schema: JsonObject, sanitize: Sanitize): JsonObject {
  const { properties, required, items, enum: values, propertyOrdering, ...rest } = known;
  switch (rest['type']) {
    case 'array':
      return { ...rest, items: fitItems(items, schema['prefixItems'], sanitize) };
    case 'object':
      return { ...rest, ...fitProperties({ properties, required, propertyOrdering }, sanitize) };
    case 'string':
      return { ...rest, ...fitEnum(values) };
    default:
      return rest;
  }
}

/** Gemini has no word for tuples: their items are alternatives. */
function fitItems(items: Json | undefined, prefixItems: Json | undefined, sanitize: Sanitize): JsonObject {
  if (isJsonObject(items)) return sanitize(items);
  const tuple = [prefixItems, items].find((list) => Array.isArray(list)) as readonly Json[] | undefined;
  return tuple === undefined || tuple.length === 0 ? sanitize({ type: 'object' }) : sanitize({ anyOf: tuple });
}

/** An object may not have properties that are none, nor require what it has not. */
function fitProperties({ properties, required, propertyOrdering }: JsonObject, sanitize: Sanitize): JsonObject {
  const entries = isJsonObject(properties) ? Object.entries(properties) : [];
  if (entries.length === 0) return {};
  const names = new Set(entries.map(([name]) => name));
  const known = (list: Json | undefined): readonly Json[] =>
    Array.isArray(list) ? (list as readonly Json[]).filter((name) => typeof name === 'string' && names.has(name)) : [];
  return {
    properties: Object.fromEntries(entries.map(([name, value]) => [name, sanitize(value ?? {})])),
    ...(known(required).length > 0 && { required: known(required) }),
    ...(known(propertyOrdering).length > 0 && { propertyOrdering: known(propertyOrdering) }),
  };
}

function fitEnum(values: Json | undefined): JsonObject {
  if (!Array.isArray(values)) return {};
  const texts = (values as readonly Json[]).filter((value) => typeof value === 'string' && value !== '');
  return { ...(texts.length > 0 && { enum: texts }), ...(values.includes(null) && { nullable: true }) };
}
