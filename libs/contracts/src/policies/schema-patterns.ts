interface SchemaPattern {
  readonly path: readonly PropertyKey[];
  readonly pattern: string;
}

/** Members whose values are data, in which nothing is a keyword. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'required']);
/** Members whose names are those of properties. */
const BY_NAME = new Set([
  'properties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
  'patternProperties',
]);

/** The regular expressions of a JSON Schema, and where they stand. */
export function schemaPatterns(schema: unknown, path: readonly PropertyKey[] = []): readonly SchemaPattern[] {
  return schemasIn(schema, path).flatMap(([{ pattern }, at]) =>
    typeof pattern === 'string' ? [{ path: [...at, 'pattern'], pattern }] : [],
  );
}

/** Whether properties are told apart by patterns anywhere in a JSON Schema. */
export function hasPatternProperties(schema: unknown): boolean {
  return schemasIn(schema, []).some(([own]) => own.patternProperties !== undefined);
}

type Found = readonly [schema: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]];

function schemasIn(schema: unknown, path: readonly PropertyKey[]): readonly Found[] {
  if (Array.isArray(schema)) return schema.flatMap((entry: unknown, index) => schemasIn(entry, [...path, index]));
  if (typeof schema !== 'object' || schema === null) return [];
  const own = schema as Readonly<Record<string, unknown>>;
  const inner = Object.entries(own).flatMap(([key, value]): readonly Found[] => {
    if (DATA.has(key)) return [];
    if (!BY_NAME.has(key)) return schemasIn(value, [...path, key]);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, entry]) => schemasIn(entry, [...path, key, name]));
  });
  return [[own, path], ...inner];
}
