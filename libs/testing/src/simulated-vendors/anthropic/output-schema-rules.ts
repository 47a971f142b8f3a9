import { textFrom } from '../text-from.ts';
import type { JsonObject } from '../json-object.ts';
import type { Json } from '../turn/sample-from-schema.ts';
import { brokenRule, type Violation } from '../violation.ts';

/** Keywords that structured outputs do not know. */
const unsupported = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'oneOf',
] as const;

/** What structured outputs demand of a schema: closed objects and few keywords. */
export function checkOutputSchema(schema: JsonObject): readonly Violation[] {
  return check(schema, ['output_config', 'format', 'schema']);
}

function check(schema: Json | undefined, path: (string | number)[]): Violation[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [];
  const node = schema as JsonObject;
  const here = unsupported
    .filter((keyword) => node[keyword] !== undefined)
    .map((keyword) =>
      brokenRule(
        path,
        `output_config.format.schema: For '${textFrom(node['type'])}' type, property '${keyword}' is not supported`,
      ),
    );
  if (node['type'] === 'object' && node['additionalProperties'] !== false) {
    here.push(
      brokenRule(
        path,
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
      ),
    );
  }
  return [...here, ...innerSchemas(node).flatMap(([name, inner]) => check(inner, [...path, ...name]))];
}

function innerSchemas(node: JsonObject): [string[], Json][] {
  const maps = ['properties', '$defs', 'definitions'].flatMap((name) =>
    Object.entries((node[name] ?? {}) as JsonObject).map(([key, value]): [string[], Json] => [[name, key], value]),
  );
  const lists = ['anyOf', 'allOf'].flatMap((name) =>
    ((node[name] ?? []) as Json[]).map((value, index): [string[], Json] => [[name, String(index)], value]),
  );
  return [...maps, ...lists, ...(node['items'] === undefined ? [] : [[['items'], node['items']] as [string[], Json]])];
}
