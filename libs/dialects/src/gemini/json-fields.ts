import type { Json, JsonObject, RawJson } from '../canonical/json.ts';

/** Of ECMAScript's "JSON.parse source text access", which TypeScript's library does not declare yet. */
const { isRawJSON } = JSON as unknown as { isRawJSON(this: void, value: unknown): boolean };

/** More than any count of tokens can be; a vendor that reports more has a fault. */
const MAX_COUNT = 1_000_000_000;

/** The value when it is an object; undefined for arrays, null and numbers that are kept as text. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isRaw(value)) return undefined;
  return value as JsonObject;
}

/** The items when the value is an array; else none. */
export function arrayOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The objects in an array; other items are skipped. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return arrayOf(value)
    .map(objectOf)
    .filter((item) => item !== undefined);
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The string when it has any characters. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number, however faithfully it was parsed. */
export function numberOf(value: Json | undefined): number | undefined {
  const number = isRaw(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The number when it can be a count: a whole one from 0 to a milliard. */
export function countOf(value: Json | undefined): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isInteger(number) && number >= 0 && number <= MAX_COUNT ? number : undefined;
}

/** The object without its absent members; undefined when nothing is left. */
export function presentMembers(object: JsonObject): JsonObject | undefined {
  const members = Object.entries(object).filter(([, value]) => value !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function isRaw(value: Json | undefined): value is RawJson {
  return isRawJSON(value);
}
