import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { numberOf, objectOf } from './json-fields.ts';

/** Where a field stands in the caller's document, for `error.param`. */
export const pathOf = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

export function missing(param: string): never {
  throw new GatewayError('missing_required_parameter', `Missing required parameter: '${param}'.`, { param });
}

function wrongType(param: string, expected: string): never {
  throw new GatewayError('invalid_type', `Invalid type for '${param}': expected ${expected}.`, { param });
}

/** Null says the same as leaving a field out. */
function valueOf(object: JsonObject, name: string): Json | undefined {
  return object[name] ?? undefined;
}

export function stringField(object: JsonObject, name: string, at = ''): string | undefined {
  const value = valueOf(object, name);
  if (value === undefined || typeof value === 'string') return value;
  return wrongType(pathOf(at, name), 'a string');
}

/** A string with at least one character. */
export function requiredString(object: JsonObject, name: string, at = ''): string {
  return stringField(object, name, at) || missing(pathOf(at, name));
}

export function booleanField(object: JsonObject, name: string, at = ''): boolean | undefined {
  const value = valueOf(object, name);
  if (value === undefined || typeof value === 'boolean') return value;
  return wrongType(pathOf(at, name), 'a boolean');
}

export function numberField(object: JsonObject, name: string, at = ''): number | undefined {
  const value = valueOf(object, name);
  return value === undefined ? undefined : (numberOf(value) ?? wrongType(pathOf(at, name), 'a number'));
}

/** A whole number that is not below `min`. */
export function integerField(object: JsonObject, name: string, min: number): number | undefined {
  const value = numberField(object, name);
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value)) return wrongType(name, 'an integer');
  if (value >= min) return value;
  throw new GatewayError('invalid_request', `'${name}' must be at least ${min}.`, { param: name });
}

export function objectField(object: JsonObject, name: string, at = ''): JsonObject | undefined {
  const value = valueOf(object, name);
  return value === undefined ? undefined : (objectOf(value) ?? wrongType(pathOf(at, name), 'an object'));
}

export function arrayField(object: JsonObject, name: string, at = ''): readonly Json[] | undefined {
  const value = valueOf(object, name);
  if (value === undefined || Array.isArray(value)) return value as readonly Json[] | undefined;
  return wrongType(pathOf(at, name), 'an array');
}

/** An item of an array that must be an object. */
export function objectItem(value: Json, param: string): JsonObject {
  return objectOf(value) ?? wrongType(param, 'an object');
}

/** One of a few words. */
export function wordField<Word extends string>(
  object: JsonObject,
  name: string,
  words: readonly Word[],
  at = '',
): Word | undefined {
  const value = stringField(object, name, at);
  const word = words.find((candidate) => candidate === value);
  if (value === undefined || word !== undefined) return word;
  const param = pathOf(at, name);
  throw new GatewayError('invalid_request', `'${param}' must be one of ${words.join(', ')}.`, { param });
}
