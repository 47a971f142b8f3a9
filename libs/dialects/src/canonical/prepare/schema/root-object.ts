import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from './json-object.ts';
import { resolveRef } from './resolve-ref.ts';

/** Longest chain of references that anyone means. */
const MAX_REFS = 16;

/** The schema of a tool's arguments as an object with properties, be they none: `type` and `properties` are added where they lack. */
export function rootObject(schema: JsonObject | undefined): JsonObject {
  if (schema === undefined) return { type: 'object', properties: {} };
  const { type, properties } = schema;
  if (type === 'object' && isJsonObject(properties)) return schema;
  return { ...schema, type: 'object', properties: isJsonObject(properties) ? properties : {} };
}

/**
 * The same without `$ref`, `anyOf`, `oneOf` and `allOf` at the root, where most vendors refuse them: one object with the
 * properties of all. What only some alternatives require is not required any more.
 */
export function mergedRootObject(schema: JsonObject | undefined): JsonObject {
  if (schema === undefined) return rootObject(schema);
  const resolved = followRefs(schema, schema);
  const all = mergeKeyword(resolved, 'allOf', schema, union);
  const any = mergeKeyword(all, 'anyOf', schema, intersection);
  return rootObject(mergeKeyword(any, 'oneOf', schema, intersection));
}

/** Follows a reference at the root; one that leads nowhere or in circles is dropped. */
function followRefs(schema: JsonObject, root: JsonObject): JsonObject {
  let at = schema;
  for (let count = 0; typeof at['$ref'] === 'string'; count += 1) {
    const { $ref, ...siblings } = at;
    at = count < MAX_REFS ? { ...resolveRef(root, String($ref)), ...siblings } : siblings;
  }
  return at;
}

type Names = readonly string[];

function mergeKeyword(
  schema: JsonObject,
  keyword: 'allOf' | 'anyOf' | 'oneOf',
  root: JsonObject,
  combine: (lists: readonly Names[]) => Names,
): JsonObject {
  const { [keyword]: list, properties, required, ...rest } = schema;
  const members = Array.isArray(list) ? (list as readonly Json[]).filter(isJsonObject) : [];
  if (members.length === 0) return schema;
  const objects = members.map((member) => followRefs(member, root));
  // Of a property that several have, the first definition holds: it is written last.
  const maps = [{ properties }, ...objects].map((member) => member['properties']).filter(isJsonObject);
  const names = [...new Set([...namesOf(required), ...combine(objects.map((member) => namesOf(member['required'])))])];
  return {
    ...rest,
    properties: Object.fromEntries(maps.reverse().flatMap((map) => Object.entries(map))),
    ...(names.length > 0 && { required: names }),
  };
}

function namesOf(required: Json | undefined): Names {
  return Array.isArray(required) ? (required as readonly Json[]).filter((name) => typeof name === 'string') : [];
}

function union(lists: readonly Names[]): Names {
  return lists.flat();
}

function intersection(lists: readonly Names[]): Names {
  const [first = [], ...others] = lists.map((list) => new Set(list));
  return [...first].filter((name) => others.every((list) => list.has(name)));
}
