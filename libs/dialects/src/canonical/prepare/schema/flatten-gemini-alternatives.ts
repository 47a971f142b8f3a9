import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from './json-object.ts';

/**
 * Writes `const`, lists of types, `oneOf` and alternatives with `null` as Gemini knows them: `enum`, `anyOf` and `nullable`. A
 * single alternative that is left becomes a part of the schema itself.
 */
export function flattenAlternatives(schema: JsonObject): JsonObject {
  return flattenAnyOf(flattenTypes(flattenConst(schema)));
}

function flattenConst(schema: JsonObject): JsonObject {
  const { const: value, ...rest } = schema;
  if (value === undefined) return schema;
  if (value === null) return { ...rest, type: 'null' };
  return { enum: [value], ...(isTypeName(typeof value) && { type: typeof value }), ...rest };
}

function isTypeName(name: string): boolean {
  return name === 'string' || name === 'number' || name === 'boolean';
}

function flattenTypes(schema: JsonObject): JsonObject {
  const { type, ...rest } = schema;
  if (type === 'null') return { ...rest, type: 'string', nullable: true };
  if (!Array.isArray(type)) return schema;
  const types = (type as readonly Json[]).filter((name) => name !== 'null');
  const nullable = types.length < type.length ? { nullable: true } : {};
  const [only, ...others] = types;
  if (only === undefined) return { ...rest, type: 'string', ...nullable };
  if (others.length === 0) return { ...rest, type: only, ...nullable };
  const { description, title, ...details } = rest;
  const told = { ...(description !== undefined && { description }), ...(title !== undefined && { title }) };
  return { ...told, ...nullable, anyOf: types.map((name) => ({ ...detailsOf(name, details), type: name })) };
}

/** An alternative keeps what can be said of its type. */
function detailsOf(type: Json, { items, properties, required, enum: values, ...others }: JsonObject): JsonObject {
  if (type === 'array') return items === undefined ? {} : { items };
  if (type === 'object')
    return { ...(properties !== undefined && { properties }), ...(required !== undefined && { required }) };
  return { ...others, ...(type === 'string' && values !== undefined && { enum: values }) };
}

function flattenAnyOf(schema: JsonObject): JsonObject {
  const { anyOf, oneOf, ...rest } = schema;
  const given = [anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []));
  // Alternatives of an object that has a structure of its own only say which properties go together.
  if (given.length === 0 || isJsonObject(rest['properties'])) return rest;
  const members = given.filter(isJsonObject).filter((member) => !isNull(member));
  const isNullable = given.some(isNull) || rest['nullable'] === true;
  const nullable = isNullable ? { nullable: true } : {};
  const [only, ...others] = members;
  if (only === undefined) return { ...rest, ...nullable };
  // Once more, since the one that is left may have a list of types or alternatives of its own.
  if (others.length === 0) return flattenAlternatives({ ...only, ...rest, ...nullable });
  // Vertex refuses every other keyword beside `anyOf`.
  const described = rest['description'] === undefined ? {} : { description: rest['description'] };
  return { anyOf: members.map((member) => ({ ...described, ...member, ...nullable })) };
}

function isNull(member: Json): boolean {
  return isJsonObject(member) && (member['type'] === 'null' || member['const'] === null);
}
