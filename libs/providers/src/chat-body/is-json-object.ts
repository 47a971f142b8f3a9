import type { Json, JsonObject } from '@penstock/dialects';

/** Whether a value is an object of JSON: no array, no null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
