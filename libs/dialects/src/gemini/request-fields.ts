import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { arrayOf, numberOf, objectOf } from './json-fields.ts';

/** The members by their camel-case names: Google takes both spellings, as protocol buffers do. */
export function camelCase(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** The object at the path, its members in camel case; undefined when it is absent. Throws `invalid_type`. */
export function objectAt(value: Json | undefined, path: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  const object = objectOf(value);
  if (!object) throw invalidType(path, 'an object');
  return camelCase(object);
}

/** The objects of the list at the path; a lone object counts as a list of one, as Google has it. Throws `invalid_type`. */
export function objectsAt(value: Json | undefined, path: string): JsonObject[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? arrayOf(value) : [value];
  return list.map((item, index) => {
    const object = objectAt(item, `${path}[${index}]`);
    if (!object) throw invalidType(`${path}[${index}]`, 'an object');
    return object;
  });
}

/** Throws `invalid_type`. */
export function numberAt(value: Json | undefined, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number === undefined) throw invalidType(path, 'a number');
  return number;
}

/** Throws `invalid_type`. */
export function stringAt(value: Json | undefined, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidType(path, 'a string');
  return value;
}

/** Throws `invalid_type`. */
export function stringsAt(value: Json | undefined, path: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalidType(path, 'an array');
  return arrayOf(value).map((item, index) => stringAt(item, `${path}[${index}]`) ?? '');
}

function invalidType(path: string, expected: string): GatewayError {
  return new GatewayError('invalid_type', `Invalid type for '${path}': expected ${expected}.`, { param: path });
}
