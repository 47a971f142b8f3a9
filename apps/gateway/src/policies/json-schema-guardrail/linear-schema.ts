import { format } from '@cfworker/json-schema';
import { TextPattern } from '@penstock/policies';

/** Members whose values are data, in which nothing is a keyword. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);
/** Members whose names are those of properties, or of schemas. */
const BY_NAME = new Set(['properties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);
/** Formats are matched with JavaScript's expressions, some of which take long on long texts. */
const MAX_FORMATTED = 2_048;
/** Patterns become formats of their own; those of one config are mostly those of the next, so that their number stays small. */
export const PATTERN_FORMAT = 'penstock-pattern:';

for (const [name, fits] of Object.entries(format)) {
  format[name] = (text) => text.length <= MAX_FORMATTED && (name === 'url' ? URL.canParse(text) : fits(text));
}

/**
 * A schema whose patterns are matched in linear time: the library would use JavaScript's expressions on whatever a model says.
 * Throws an Error when a pattern cannot be read.
 */
export function linearSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(linearSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { pattern, ...rest } = schema as Readonly<Record<string, unknown>>;
  const linear = mapValues(rest, linearMember);
  if (typeof pattern !== 'string') return pattern === undefined ? linear : { ...linear, pattern };
  const allOf = Array.isArray(linear.allOf) ? (linear.allOf as readonly unknown[]) : [];
  return { ...linear, allOf: [...allOf, { format: formatOf(pattern) }] };
}

function linearMember(value: unknown, key: string): unknown {
  if (DATA.has(key)) return value;
  if (!BY_NAME.has(key) || typeof value !== 'object' || value === null) return linearSchema(value);
  return mapValues(value, linearSchema);
}

function mapValues(object: object, map: (value: unknown, key: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]: [string, unknown]) => [key, map(value, key)]));
}

function formatOf(source: string): string {
  const name = PATTERN_FORMAT + source;
  if (!format[name]) {
    const pattern = new TextPattern(source);
    format[name] = (text) => pattern.test(text);
  }
  return name;
}
