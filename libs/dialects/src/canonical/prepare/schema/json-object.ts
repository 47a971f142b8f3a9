import type { Json, JsonObject } from '../../json.ts';

/** `JSON.isRawJSON` of ECMAScript's "JSON.parse source text access", which TypeScript's library does not declare yet. */
const { isRawJSON } = JSON as unknown as { isRawJSON(this: void, value: unknown): boolean };

/** Whether a value is an object of JSON; a number kept as its source text only looks like one, and must never be copied. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}
