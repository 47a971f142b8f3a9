import type { PolicyDescription } from '@penstock/contracts';

/** What of JSON Schema 2020-12 the forms understand; a schema with anything else is edited as JSON. */
export interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  /** What the form may suggest: names that the document knows. */
  readonly 'x-suggestions'?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** How a value is shown in a form. */
export type FieldKind =
  | 'text'
  | 'long-text'
  | 'number'
  | 'switch'
  | 'choice'
  | 'choices'
  | 'texts'
  | 'list'
  | 'group'
  | 'record'
  | 'union'
  | 'json';

/** Texts that may be longer than this get several lines. */
const ONE_LINE = 8_192;
/** Schemas within schemas: what lies deeper is edited as JSON. */
const MAX_DEPTH = 8;

/** The schema of a policy's parameters, without references. */
export function parameterSchema({ parameters }: Pick<PolicyDescription, 'parameters'>): JsonSchema {
  const definitions = (parameters['$defs'] ?? {}) as Definitions;
  return resolved(parameters as Referring, definitions, 0);
}

type Referring = JsonSchema & { readonly $ref?: string };
type Definitions = Readonly<Record<string, Referring>>;

function resolved(written: Referring, definitions: Definitions, depth: number): JsonSchema {
  if (depth > MAX_DEPTH) return {};
  const { $ref, ...own } = written;
  const schema: JsonSchema = { ...definitions[$ref?.replace('#/$defs/', '') ?? ''], ...own };
  const within = (inner: JsonSchema): JsonSchema => resolved(inner, definitions, depth + 1);
  const { properties, items, additionalProperties, anyOf, oneOf } = schema;
  return simplified({
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, within(inner)])),
    }),
    ...(items && { items: within(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: within(additionalProperties) }),
    ...(anyOf && { anyOf: anyOf.map(within) }),
    ...(oneOf && { oneOf: oneOf.map(within) }),
  });
}

/** Alternatives that are all fixed values are one choice, and those that are all texts are one text. */
function simplified(schema: JsonSchema): JsonSchema {
  const { anyOf, oneOf, ...own } = schema;
  const branches = anyOf ?? oneOf ?? [];
  if (branches.length === 0 || !branches.every((branch) => isFixed(branch) || isPlainText(branch))) return schema;
  const texts = branches.filter((branch) => !isFixed(branch));
  if (texts.length === 0) return { ...own, enum: branches.flatMap(optionsOf) };
  const longest = Math.max(...texts.map(({ maxLength = 0 }) => maxLength));
  return { ...own, type: 'string', ...(longest > 0 ? { maxLength: longest } : {}) };
}

const isFixed = (schema: JsonSchema): boolean => schema.const !== undefined || schema.enum !== undefined;
const isPlainText = (schema: JsonSchema): boolean => schema.type === 'string' && schema.title === undefined;

const KINDS: Readonly<Record<string, (schema: JsonSchema) => FieldKind>> = {
  string: ({ maxLength = 0 }) => (maxLength > ONE_LINE ? 'long-text' : 'text'),
  number: () => 'number',
  integer: () => 'number',
  boolean: () => 'switch',
  array: ({ items = {} }) => kindOfList(items),
  object: kindOfObject,
};

/** How a value of this schema is shown. */
export function kindOf(written: JsonSchema): FieldKind {
  const [schema = written, ...others] = branchesOf(written);
  if (others.length > 0) return 'union';
  if (schema.enum !== undefined || schema.const !== undefined) return isChoice(schema) ? 'choice' : 'json';
  return KINDS[schema.type ?? '']?.(schema) ?? 'json';
}

/** A list of choices has texts and numbers. */
function isChoice(schema: JsonSchema): boolean {
  return optionsOf(schema).every((option) => typeof option === 'string' || typeof option === 'number');
}

function kindOfList(items: JsonSchema): FieldKind {
  switch (kindOf(items)) {
    case 'choice':
      return 'choices';
    case 'text':
      return 'texts';
    case 'json':
      return 'json';
    default:
      return 'list';
  }
}

function kindOfObject({ properties, additionalProperties }: JsonSchema): FieldKind {
  if (properties !== undefined) return 'group';
  if (typeof additionalProperties !== 'object') return 'json';
  return ['text', 'number', 'switch', 'choice'].includes(kindOf(additionalProperties)) ? 'record' : 'json';
}

/** The values that a choice has. */
export function optionsOf(schema: JsonSchema): readonly unknown[] {
  return schema.enum ?? [schema.const];
}

/** The alternatives of a schema, those within alternatives too; one that has none is its only one. */
export function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const branches = schema.anyOf ?? schema.oneOf;
  return branches ? branches.flatMap(branchesOf) : [schema];
}

/** The alternative that a value was written for: the first that it looks like. */
export function branchOf(branches: readonly JsonSchema[], value: unknown): number {
  return Math.max(
    0,
    branches.findIndex((branch) => looksLike(branch, value)),
  );
}

function looksLike(schema: JsonSchema, value: unknown): boolean {
  if (!hasType(schema, value)) return false;
  if (schema.type !== 'object' || typeof value !== 'object' || value === null) return true;
  const { properties, required = [] } = schema;
  if (!required.every((name) => name in value)) return false;
  return Object.entries(properties ?? {}).every(
    ([name, { const: fixed }]) => fixed === undefined || (value as Record<string, unknown>)[name] === fixed,
  );
}

/** Whether a field of this schema could show the value, right or wrong as it may be. */
export function hasType(schema: JsonSchema, value: unknown): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.enum !== undefined) return schema.enum.includes(value);
  switch (schema.type) {
    case undefined:
      return true;
    case 'array':
      return (
        Array.isArray(value) && (schema.items === undefined || value.every((entry) => fitsEntry(schema.items, entry)))
      );
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'null':
      return value === null;
    case 'integer':
      return typeof value === 'number';
    default:
      return typeof value === schema.type;
  }
}

/** Entries that are not filled in yet stand as null. */
function fitsEntry(schema: JsonSchema = {}, entry: unknown): boolean {
  return entry === null || branchesOf(schema).some((branch) => hasType(branch, entry));
}
