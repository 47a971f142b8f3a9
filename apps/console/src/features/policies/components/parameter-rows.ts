import { branchesOf, kindOf, type JsonSchema } from './json-schema.ts';
import { boundsOf, defaultText } from './schema-words.ts';

/** One line of a table of parameters. */
export interface ParameterRow {
  /** As documents write it: `mappings[].provider`. */
  readonly path: string;
  readonly values: string;
  readonly required: boolean;
  readonly fallback: string | undefined;
  readonly description: string | undefined;
}

/** Every parameter of a schema, those inside of others behind them. */
export function parameterRows(schema: JsonSchema, prefix = ''): readonly ParameterRow[] {
  const rows = branchesOf(schema).flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([name, property]) => {
      const path = `${prefix}${name}`;
      const own = rowOf(path, property, required.includes(name));
      return [own, ...branchesOf(property).flatMap((branch) => innerRows(branch, path))];
    }),
  );
  // Alternatives may have parameters of the same name.
  const seen = new Set<string>();
  return rows.filter(({ path }) => !seen.has(path) && seen.add(path));
}

function rowOf(path: string, schema: JsonSchema, required: boolean): ParameterRow {
  return { path, values: boundsOf(schema), required, fallback: defaultText(schema), description: schema.description };
}

function innerRows(schema: JsonSchema, path: string): readonly ParameterRow[] {
  if (kindOf(schema) === 'group') return parameterRows(schema, `${path}.`);
  return kindOf(schema) === 'list' ? parameterRows(schema.items ?? {}, `${path}[].`) : [];
}
