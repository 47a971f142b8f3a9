import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

interface Converted {
  readonly schema: JsonSchema;
  readonly components: Record<string, JsonSchema>;
}

/** Marks the components of what clients send, until it is known whether they differ from what they are sent. */
const INPUT_MARK = '__input__';

/** zod names what refers to itself: here that is only `z.json()`, any JSON at all. */
const ANY_JSON = /\{"\$ref":"#\/\$defs\/__schema\d+"\}/g;

/** Turns a zod schema into JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export function convertSchema(schema: unknown, { schemaType }: { readonly schemaType: string }): Converted | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const io = schemaType === 'input' ? 'input' : 'output';
  const mark = io === 'input' ? INPUT_MARK : '';
  const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const marked = (value: object): JsonSchema => {
    const text = JSON.stringify(value)
      .replaceAll(ANY_JSON, '{}')
      .replaceAll('"#/$defs/', `"#/components/schemas/${mark}`);
    return JSON.parse(text) as JsonSchema;
  };
  const query = queryName(root);
  const named = Object.entries($defs).filter(([name]) => !name.startsWith('__') && name !== query);
  const components = named.map(([name, definition]) => [mark + name, marked(definition)] as const);
  return { schema: marked($defs[query ?? ''] ?? root), components: Object.fromEntries(components) };
}

/** Name of a schema of query parameters; those stand one by one in the document, not behind a reference. */
function queryName(root: JsonSchema): string | undefined {
  const reference = root['$ref'];
  return typeof reference === 'string' ? /^#\/\$defs\/(\w+Query)$/.exec(reference)?.[1] : undefined;
}

/**
 * Gives the marked components their final names: their own when nothing that is sent back has the same name and another
 * shape, else with `Input` at the end (a field with a default may be left out on the way in, and is always there on the way
 * out). Components come in the order of their names.
 */
export function nameComponents<Document extends { components?: { schemas?: object } }>(document: Document): Document {
  const schemas = new Map(Object.entries(document.components?.schemas ?? {}));
  let text = JSON.stringify(document);
  for (const name of [...schemas.keys()].filter((key) => key.startsWith(INPUT_MARK))) {
    const plain = name.slice(INPUT_MARK.length);
    const final = differs(schemas, plain, new Set()) ? `${plain}Input` : plain;
    text = text.replaceAll(`"${name}"`, `"${final}"`).replaceAll(`/${name}"`, `/${final}"`);
  }
  const named = JSON.parse(text) as Document;
  if (named.components?.schemas) named.components.schemas = sortedByName(named.components.schemas);
  return named;
}

/** Whether what is sent under this name differs from what is sent back, in itself or in what it refers to. */
function differs(schemas: ReadonlyMap<string, unknown>, name: string, visited: Set<string>): boolean {
  if (!schemas.has(name) || !schemas.has(INPUT_MARK + name) || visited.has(name)) return false;
  visited.add(name);
  const text = JSON.stringify(schemas.get(INPUT_MARK + name));
  if (text.replaceAll(INPUT_MARK, '') !== JSON.stringify(schemas.get(name))) return true;
  const references = text.matchAll(new RegExp(`/${INPUT_MARK}(\\w+)"`, 'g'));
  return [...references].some((match) => differs(schemas, match[1] ?? '', visited));
}

function sortedByName(schemas: object): object {
  return Object.fromEntries(Object.entries(schemas).sort(([left], [right]) => (left < right ? -1 : 1)));
}
