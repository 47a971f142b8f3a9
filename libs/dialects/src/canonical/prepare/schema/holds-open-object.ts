import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from './json-object.ts';

/** Whether a schema in Gemini's dialect is or holds an object of which no property is known. */
export function holdsOpenObject(schema: JsonObject): boolean {
  const { type, properties, items, anyOf } = schema;
  const members = isJsonObject(properties) ? Object.values(properties) : [];
  if (type === 'object' && members.length === 0) return true;
  const alternatives = Array.isArray(anyOf) ? (anyOf as readonly Json[]) : [];
  return [...members, items, ...alternatives].some((inner) => isJsonObject(inner) && holdsOpenObject(inner));
}
