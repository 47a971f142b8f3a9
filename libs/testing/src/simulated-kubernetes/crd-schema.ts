import type { StatusCause } from './api-status.ts';
import type { CrdSchema } from './kube-object.ts';

/** Metadata is checked and kept by the server itself. */
const OWN = new Set(['apiVersion', 'kind', 'metadata']);

/** The object without the fields that its schema does not know. */
export function prune(value: unknown, schema: CrdSchema, root = true): unknown {
  if (Array.isArray(value)) {
    const items = schema['items'];
    return isObject(items) ? value.map((item) => prune(item, items, false)) : value;
  }
  if (!isObject(value)) return value;
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, CrdSchema>>;
  const more = schema['additionalProperties'];
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const kept = Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
    if (root && OWN.has(name)) return [[name, item]];
    const known = properties[name];
    if (known) return [[name, prune(item, known, false)]];
    if (isObject(more)) return [[name, prune(item, more, false)]];
    return open ? [[name, item]] : [];
  });
  return Object.fromEntries(kept);
}

/** What is wrong with the object, as the API server words it. */
export function schemaCauses(value: unknown, schema: CrdSchema, field = ''): readonly StatusCause[] {
  if (value === null && schema['nullable'] === true) return [];
  const wrong = typeCause(value, schema, field);
  if (wrong) return [wrong];
  if (Array.isArray(value)) return [...boundCauses(value, schema, field), ...itemCauses(value, schema, field)];
  if (isObject(value)) return [...requiredCauses(value, schema, field), ...memberCauses(value, schema, field)];
  return [...boundCauses(value, schema, field), ...wordCauses(value, schema, field)];
}

function typeCause(value: unknown, { type }: CrdSchema, field: string): StatusCause | undefined {
  if (type === undefined || typeOf(value) === type || (type === 'number' && typeof value === 'number'))
    return undefined;
  if (type === 'integer' && Number.isInteger(value)) return undefined;
  const found = typeOf(value);
  const message = `Invalid value: "${found}": ${field} in body must be of type ${JSON.stringify(type).slice(1, -1)}: "${found}"`;
  return { reason: 'FieldValueTypeInvalid', message, field };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function requiredCauses(value: object, { required }: CrdSchema, field: string): readonly StatusCause[] {
  const missing = ((required ?? []) as readonly string[]).filter((name) => !(name in value));
  return missing.map((name) => ({
    reason: 'FieldValueRequired',
    message: 'Required value',
    field: member(field, name),
  }));
}

function memberCauses(value: object, schema: CrdSchema, field: string): readonly StatusCause[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, CrdSchema>>;
  const more = schema['additionalProperties'];
  return Object.entries(value).flatMap(([name, item]) => {
    if (field === '' && OWN.has(name)) return [];
    const known = properties[name] ?? (isObject(more) ? more : undefined);
    return known ? schemaCauses(item, known, member(field, name)) : [];
  });
}

function itemCauses(value: readonly unknown[], { items }: CrdSchema, field: string): readonly StatusCause[] {
  if (!isObject(items)) return [];
  return value.flatMap((item, index) => schemaCauses(item, items, `${field}[${index}]`));
}

interface Bound {
  readonly keyword: string;
  readonly measure: (value: never) => number;
  readonly isMost?: boolean;
  readonly reason?: string;
  readonly say: (bound: number, size: number, shown: { readonly field: string; readonly value: string }) => string;
}

const inBody =
  (words: (bound: number) => string): Bound['say'] =>
  (bound, _size, { field, value }) =>
    `Invalid value: ${value}: ${field} in body ${words(bound)}`;

const BOUNDS: readonly Bound[] = [
  { keyword: 'minimum', measure: Number, say: inBody((bound) => `should be greater than or equal to ${bound}`) },
  {
    keyword: 'maximum',
    measure: Number,
    isMost: true,
    say: inBody((bound) => `should be less than or equal to ${bound}`),
  },
  {
    keyword: 'minLength',
    measure: (text: string) => text.length,
    say: inBody((bound) => `should be at least ${bound} chars long`),
  },
  {
    keyword: 'maxLength',
    measure: (text: string) => text.length,
    isMost: true,
    reason: 'FieldValueTooLong',
    say: (bound) => `Too long: may not be more than ${bound} bytes`,
  },
  {
    keyword: 'minItems',
    measure: (list: unknown[]) => list.length,
    say: (bound, size, { field }) => `Invalid value: ${size}: ${field} in body should have at least ${bound} items`,
  },
  {
    keyword: 'maxItems',
    measure: (list: unknown[]) => list.length,
    isMost: true,
    reason: 'FieldValueTooMany',
    say: (bound, size) => `Too many: ${size}: must have at most ${bound} items`,
  },
];

function boundCauses(value: unknown, schema: CrdSchema, field: string): readonly StatusCause[] {
  return BOUNDS.flatMap(({ keyword, measure, isMost = false, reason = 'FieldValueInvalid', say }) => {
    const bound = schema[keyword];
    if (typeof bound !== 'number') return [];
    const size = measure(value as never);
    if (isMost ? size <= bound : size >= bound) return [];
    return [{ reason, message: say(bound, size, { field, value: JSON.stringify(value) }), field }];
  });
}

function wordCauses(value: unknown, schema: CrdSchema, field: string): readonly StatusCause[] {
  const { enum: allowed, pattern, format } = schema;
  const shown = JSON.stringify(value);
  const causes: StatusCause[] = [];
  if (Array.isArray(allowed) && !allowed.includes(value)) {
    const supported = allowed.map((item) => JSON.stringify(item)).join(', ');
    const message = `Unsupported value: ${shown}: supported values: ${supported}`;
    causes.push({ reason: 'FieldValueNotSupported', message, field });
  }
  const rules = [pattern, ...((schema['allOf'] ?? []) as readonly CrdSchema[]).map((rule) => rule['pattern'])];
  for (const rule of rules) {
    if (typeof rule !== 'string' || typeof value !== 'string' || new RegExp(rule).test(value)) continue;
    const message = `Invalid value: ${shown}: ${field} in body should match '${rule}'`;
    causes.push({ reason: 'FieldValueInvalid', message, field });
  }
  if (format === 'date-time' && Number.isNaN(Date.parse(String(value)))) {
    const message = `Invalid value: ${shown}: ${field} in body must be of type date-time: ${shown}`;
    causes.push({ reason: 'FieldValueInvalid', message, field });
  }
  return causes;
}

function member(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function isObject(value: unknown): value is CrdSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
