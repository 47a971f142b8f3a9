import { branchesOf, kindOf, type FieldKind, type JsonSchema } from './json-schema.ts';

/** Text in place of a value that is not JSON yet: it cannot be sent, and is not lost. */
export class UnfinishedJson {
  constructor(readonly text: string) {}
}

const STARTS: Readonly<Record<FieldKind, (schema: JsonSchema) => unknown>> = {
  text: () => '',
  'long-text': () => '',
  number: () => undefined,
  switch: () => false,
  choice: (schema) => schema.const,
  choices: () => [],
  texts: () => [],
  list: ({ minItems = 0, items = {} }) => (minItems > 0 ? [startItem(items)] : []),
  group: startGroup,
  record: () => ({}),
  // That of the first alternative, which is known by then.
  union: () => undefined,
  json: () => undefined,
};

/** What a value begins with; undefined where it can be left out. */
export function startValue(schema: JsonSchema, required: boolean): unknown {
  if (!required || schema.default !== undefined) return undefined;
  const [first = schema] = branchesOf(schema);
  return STARTS[kindOf(first)](first);
}

/** An object with what it must have. */
export function startGroup({ properties = {}, required = [] }: JsonSchema): Readonly<Record<string, unknown>> {
  return withoutUndefined(
    Object.entries(properties).map(([name, schema]) => [name, startValue(schema, required.includes(name))]),
  );
}

/** An entry of a list: JSON has no place for one that is undefined. */
export function startItem(schema: JsonSchema): unknown {
  return startValue(schema, true) ?? null;
}

/** An object of these entries, but for those that are left out. */
export function withoutUndefined(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Where in a value text stands that is not JSON. */
export function unfinishedPaths(
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (value instanceof UnfinishedJson) return [path];
  if (Array.isArray(value)) return value.flatMap((entry: unknown, index) => unfinishedPaths(entry, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => unfinishedPaths(entry, [...path, key]));
}

/** Whether nothing was filled in. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
