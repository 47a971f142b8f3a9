export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Schema = { readonly [name: string]: Json };

/** Deeper objects are left empty: a schema may refer to itself. */
const MAX_DEPTH = 6;

const cities = ['Paris', 'London', 'Rome'];

/** A value that fits a JSON schema (or Gemini's dialect of it). `variant` tells the values of several calls apart. */
export function sampleFromSchema(schema: Json | null, variant = 0): Json {
  return sample(schema, { root: isSchema(schema) ? schema : {}, variant, depth: 0, name: '' });
}

interface Place {
  readonly root: Schema;
  readonly variant: number;
  readonly depth: number;
  readonly name: string;
}

function sample(schema: Json | null | undefined, place: Place): Json {
  if (!isSchema(schema) || place.depth > MAX_DEPTH) return {};
  const deeper = { ...place, depth: place.depth + 1 };
  if (typeof schema['$ref'] === 'string') return sample(resolve(schema['$ref'], place.root), deeper);
  if (schema['const'] !== undefined) return schema['const'];
  const choices = schema['enum'];
  if (Array.isArray(choices) && choices.length > 0) return (choices as Json[])[place.variant % choices.length] ?? null;
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return sample(firstThatSaysSomething(alternatives as Json[]), deeper);
  return sampleOfType(schema, deeper);
}

function sampleOfType(schema: Schema, place: Place): Json {
  switch (typeOf(schema)) {
    case 'object':
      return sampleObject(schema, place);
    case 'array':
      return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 1)) }, () => sample(schema['items'], place));
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1) + place.variant;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return sampleString(schema, place);
  }
}

function sampleObject(schema: Schema, place: Place): Json {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, sample(inner, { ...place, name })]),
  );
}

function sampleString(schema: Schema, { name, variant }: Place): string {
  if (/city|location|place/i.test(name)) return cities[variant % cities.length] ?? 'Paris';
  const formats: Record<string, string> = {
    'date-time': '2026-11-21T12:00:00Z',
    date: '2026-11-21',
    time: '12:00:00Z',
    email: 'ada@example.com',
    uri: 'https://example.com/',
    uuid: '00000000-0000-4000-8000-000000000000',
  };
  const format = typeof schema['format'] === 'string' ? formats[schema['format']] : undefined;
  if (format !== undefined) return format;
  return 'water'.padEnd(Number(schema['minLength'] ?? 0), 'r').slice(0, Number(schema['maxLength'] ?? 1000));
}

function typeOf(schema: Schema): string {
  const type = schema['type'];
  const name = Array.isArray(type) ? (type as Json[]).find((one) => one !== 'null') : type;
  if (typeof name === 'string') return name.toLowerCase();
  return schema['properties'] === undefined ? 'string' : 'object';
}

function firstThatSaysSomething(schemas: readonly Json[]): Json | undefined {
  return schemas.find((schema) => isSchema(schema) && schema['type'] !== 'null') ?? schemas[0];
}

function resolve(reference: string, root: Schema): Json | undefined {
  const names = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return names.reduce<Json | undefined>((at, name) => (isSchema(at) ? at[name] : undefined), root);
}

function isSchema(value: Json | null | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
