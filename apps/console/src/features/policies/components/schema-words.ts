import { branchesOf, kindOf, optionsOf, type FieldKind, type JsonSchema } from './json-schema.ts';

const ABBREVIATIONS: ReadonlySet<string> = new Set([
  'api',
  'id',
  'ip',
  'json',
  'jwks',
  'jwt',
  'pii',
  'ssn',
  'ttl',
  'url',
]);

/** What a parameter is called for people: `streamingJsonPath` is "Streaming JSON path". */
export function labelOf(name: string, schema: JsonSchema = {}): string {
  if (schema.title) return schema.title;
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .split(/[\s_-]+/)
    .map((word) => word.toLowerCase())
    .map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase() : word));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const BRANCHES: Readonly<Record<FieldKind, (schema: JsonSchema) => string>> = {
  text: () => 'Text',
  'long-text': () => 'Text',
  number: () => 'Number',
  switch: () => 'Yes or no',
  choice: (schema) => optionsOf(schema).map(String).join(', '),
  choices: () => 'List',
  texts: () => 'List',
  list: () => 'List',
  group: groupLabel,
  record: () => 'Names and values',
  union: () => 'Other',
  json: ({ type }) => (type === 'null' ? 'None' : 'JSON'),
};

/** What one of several alternatives is called. */
export function branchLabel(schema: JsonSchema): string {
  return schema.title ?? BRANCHES[kindOf(schema)](schema);
}

/** By the value that tells it from the others, or by what it must have. */
function groupLabel({ properties = {}, required = [] }: JsonSchema): string {
  const fixed = Object.values(properties).find(({ const: value }) => typeof value === 'string');
  return fixed ? labelOf(String(fixed.const)) : required.map((name) => labelOf(name)).join(', ');
}

const VALUES: Readonly<Record<FieldKind, (schema: JsonSchema) => string>> = {
  text: () => 'text',
  'long-text': () => 'text',
  number: ({ type, minimum, maximum }) => `${type === 'integer' ? 'whole number' : 'number'}${range(minimum, maximum)}`,
  switch: () => 'true or false',
  choice: (schema) => optionsOf(schema).map(String).join(', '),
  choices: ({ items = {} }) => `any of ${optionsOf(items).map(String).join(', ')}`,
  texts: ({ minItems, maxItems }) => `texts${range(minItems, maxItems)}`,
  list: ({ minItems, maxItems }) => `list${range(minItems, maxItems)}`,
  group: () => 'object',
  record: () => 'object',
  union: (schema) => [...new Set(branchesOf(schema).map((branch) => branch.title ?? boundsOf(branch)))].join(', or '),
  json: () => 'JSON',
};

/** What values a parameter may have, for the table of parameters: `1 to 1,000`, `block, monitor`. */
export function boundsOf(written: JsonSchema): string {
  const kind = kindOf(written);
  const [only = written] = branchesOf(written);
  return VALUES[kind](kind === 'union' ? written : only);
}

/** `, 1 to 20`; nothing without bounds. */
export function range(from: number | undefined, to: number | undefined): string {
  // zod writes the largest integer where a number has no bound.
  const lowest = from !== undefined && from > Number.MIN_SAFE_INTEGER ? from : undefined;
  const highest = to !== undefined && to < Number.MAX_SAFE_INTEGER ? to : undefined;
  if (lowest !== undefined && highest !== undefined) return `, ${shown(lowest)} to ${shown(highest)}`;
  if (lowest !== undefined) return `, at least ${shown(lowest)}`;
  return highest === undefined ? '' : `, at most ${shown(highest)}`;
}

const format = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const shown = (value: number): string => format.format(value);

/** A default as it is written: `block`, `30`, `GET, POST`. Undefined: there is none worth showing. */
export function defaultText({ default: value }: JsonSchema): string | undefined {
  if (Array.isArray(value)) return value.length > 0 ? value.map(String).join(', ') : undefined;
  return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
}
