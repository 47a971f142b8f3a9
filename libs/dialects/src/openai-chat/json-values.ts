import type { Json, JsonObject, RawJson } from '../canonical/json.ts';

/** `JSON.isRawJSON`, which TypeScript's library does not declare yet. */
const { isRawJSON } = JSON as unknown as { isRawJSON(this: void, value: unknown): value is RawJson };

/** Whether it is a JSON object: no array, no null, and no number that `parseFaithfully` kept as text. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

/** The array's values; none when it is no array. */
export function arrayOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The objects in an array; what is no object is left out. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return arrayOf(value).filter(isJsonObject);
}

/** The object, or an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The string; empty when it is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The number, also one that was kept as its text (`1.0`); null when it is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return isRawJSON(value) ? Number(value.rawJSON) : null;
}
