/** A JSON Schema, or the schema of a custom resource, as plain data. */
export type Schema = { readonly [keyword: string]: unknown };

/** Keywords that say something of a value and mean the same in both. */
const SHARED = [
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
];

/** Go's regular expressions have neither looking around nor references back: the control plane checks those patterns. */
const NOT_IN_GO = /\(\?(?:[=!]|<[=!])|\\[1-9]/;

/** What anything passes; the control plane is who checks it. */
const OPEN: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

/**
 * A JSON Schema (2020-12, as zod writes it) in the form that Kubernetes demands of custom resources: structural, every reference
 * written out, a type in every place. What that form cannot say is left open and not guessed: a wrong document is still refused by
 * the control plane. Defaults are left out, so that objects stay as they were written.
 */
export function structuralSchema(root: Schema): Schema {
  const definitions = (root['$defs'] ?? {}) as Readonly<Record<string, Schema>>;
  return convert(root, { definitions, open: [] });
}

interface Place {
  readonly definitions: Readonly<Record<string, Schema>>;
  /** References that are being written out; one that leads back to itself is left open. */
  readonly open: readonly string[];
}

function convert(schema: Schema, place: Place): Schema {
  const { $ref: reference } = schema;
  if (typeof reference === 'string') return written(reference, schema, place);
  const branches = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined;
  if (branches) return described(schema, anyOf(branches, place));
  if (Array.isArray(schema['type'])) {
    const types = schema['type'] as readonly string[];
    return anyOf(
      types.map((type) => ({ ...schema, type })),
      place,
    );
  }
  return described(schema, { ...typed(schema, place), ...allOf(schema, place) });
}

function written(reference: string, schema: Schema, place: Place): Schema {
  const name = reference.replace('#/$defs/', '');
  const definition = place.definitions[name];
  if (!definition || place.open.includes(name)) return OPEN;
  return described(schema, convert(definition, { ...place, open: [...place.open, name] }));
}

function described({ description }: Schema, converted: Schema): Schema {
  return typeof description === 'string' ? { description, ...converted } : converted;
}

function typed(schema: Schema, place: Place): Schema {
  const constant = schema['const'];
  const type = schema['type'] ?? (typeof constant === 'string' ? 'string' : undefined);
  if (type === 'object') return objectSchema(schema, place);
  if (type === 'array') return arraySchema(schema, place);
  if (type === 'string' || type === 'boolean') return { type, ...bounds(schema), ...words(schema) };
  if (type === 'integer' || type === 'number') {
    return { type, ...(type === 'integer' && { format: 'int64' }), ...bounds(schema), ...exclusiveBounds(schema) };
  }
  return OPEN;
}

function bounds(schema: Schema): Schema {
  return Object.fromEntries(SHARED.flatMap((name) => (name in schema ? [[name, schema[name]]] : [])));
}

/** OpenAPI 3.0 says it by a flag beside the bound. */
function exclusiveBounds(schema: Schema): Schema {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  return {
    ...(typeof above === 'number' && { minimum: above, exclusiveMinimum: true }),
    ...(typeof below === 'number' && { maximum: below, exclusiveMaximum: true }),
  };
}

function words({ enum: values, const: constant, pattern, format }: Schema): Schema {
  if (format === 'date-time') return { format };
  const allowed = values ?? (constant === undefined ? undefined : [constant]);
  return {
    ...(allowed !== undefined && { enum: allowed }),
    ...(typeof pattern === 'string' && !NOT_IN_GO.test(pattern) && { pattern }),
  };
}

function arraySchema(schema: Schema, place: Place): Schema {
  const { items } = schema;
  return { type: 'array', ...bounds(schema), items: isSchema(items) ? convert(items, place) : OPEN };
}

function objectSchema(schema: Schema, place: Place): Schema {
  const { required, additionalProperties: more } = schema;
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
  const rest = { ...bounds(schema), ...(Array.isArray(required) && required.length > 0 && { required }) };
  if (properties.length > 0) {
    const converted = Object.fromEntries(properties.map(([name, property]) => [name, convert(property, place)]));
    // What is written nowhere is pruned where it is not allowed, and kept where it is.
    return { type: 'object', ...rest, properties: converted, ...(isSchema(more) && OPEN) };
  }
  if (!isSchema(more)) return { type: 'object', ...rest, ...(more !== false && OPEN) };
  const values = convert(more, place);
  return { type: 'object', ...rest, ...(isOpen(values) ? OPEN : { additionalProperties: values }) };
}

/** Several rules for one text, such as two patterns: each may say something of the value, and nothing of its type. */
function allOf(schema: Schema, place: Place): Schema {
  const rules = (schema['allOf'] ?? []) as readonly Schema[];
  const told = rules.map((rule) => withoutType(convert({ type: schema['type'], ...rule }, place)));
  const kept = told.filter((rule) => Object.keys(rule).length > 0);
  return kept.length > 0 ? { allOf: kept } : {};
}

function withoutType({ type: _type, format: _format, ...rule }: Schema): Schema {
  return rule;
}

/** A structural schema has one type in a place: alternatives of one type are laid together, others are left open. */
function anyOf(branches: readonly Schema[], place: Place): Schema {
  const living = branches.filter(({ type }) => type !== 'null');
  const nullable: Schema = living.length < branches.length ? { nullable: true } : {};
  const converted = living.map((branch) => convert(branch, place));
  const [first, ...others] = converted;
  if (!first) return OPEN;
  const merged = others.reduce((left, right) => union(left, right), first);
  return { ...merged, ...nullable };
}

/** What both accept, and maybe more. */
function union(left: Schema, right: Schema): Schema {
  if (JSON.stringify(left) === JSON.stringify(right)) return left;
  const { type } = left;
  if (type !== right['type'] || isOpen(left) || isOpen(right)) return OPEN;
  if (type === 'object') return objectUnion(left, right);
  const [one, other] = [left['enum'], right['enum']];
  if (Array.isArray(one) && Array.isArray(other)) return { type, enum: [...new Set<unknown>([...one, ...other])] };
  return type === 'array' ? { type, items: union(left['items'] as Schema, right['items'] as Schema) } : { type };
}

function objectUnion(left: Schema, right: Schema): Schema {
  if ('additionalProperties' in left || 'additionalProperties' in right) return { type: 'object', ...OPEN };
  const [one, other] = [propertiesOf(left), propertiesOf(right)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const properties = Object.fromEntries(
    names.map((name) => [name, union(one[name] ?? other[name] ?? OPEN, other[name] ?? one[name] ?? OPEN)]),
  );
  const also = new Set((right['required'] ?? []) as readonly string[]);
  const required = ((left['required'] ?? []) as readonly string[]).filter((name) => also.has(name));
  return { type: 'object', ...(required.length > 0 && { required }), properties };
}

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
}

function isOpen(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

/** A schema that says something or everything; `{}` is the one that allows anything. */
function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
