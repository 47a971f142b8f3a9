import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject, RawJson } from '../canonical/json.ts';

/** ECMAScript's `JSON.isRawJSON`, which TypeScript's library does not declare yet. */
const { isRawJSON } = JSON as unknown as { isRawJSON(this: void, value: unknown): value is RawJson };

/** A JSON object; a number that is kept as its text is none. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function wrongType(path: string, expected: string, value: Json | undefined): never {
  const message = `Invalid type for '${path}': expected ${expected}, but got ${typeName(value)}.`;
  throw new GatewayError('invalid_type', message, { param: path });
}

export function missing(path: string): never {
  throw new GatewayError('missing_required_parameter', `Missing required parameter: '${path}'.`, { param: path });
}

/** Readers of optional members: null counts as absent, as in Anthropic's own API. Another type is refused by its path. */
export function stringOf(value: Json | undefined, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : wrongType(path, 'string', value);
}

export function requiredString(value: Json | undefined, path: string): string {
  return stringOf(value, path) ?? missing(path);
}

export function booleanOf(value: Json | undefined, path: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'boolean' ? value : wrongType(path, 'boolean', value);
}

export function numberOf(value: Json | undefined, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = isRawJSON(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : wrongType(path, 'number', value);
}

/** A whole number from 0 on; Python writes some as `16.0`. */
export function countOf(value: Json | undefined, path: string): number | undefined {
  const number = numberOf(value, path);
  if (number === undefined) return undefined;
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new GatewayError('invalid_request', `'${path}' must be a whole number from 0 on.`, { param: path });
  }
  return number;
}

export function objectOf(value: Json | undefined, path: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : wrongType(path, 'object', value);
}

export function arrayOf(value: Json | undefined, path: string): readonly Json[] | undefined {
  if (value === undefined || value === null) return undefined;
  return isArray(value) ? value : wrongType(path, 'array', value);
}

function typeName(value: Json | undefined): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return isRawJSON(value) ? 'number' : typeof value;
}
