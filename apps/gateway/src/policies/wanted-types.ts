import type { z } from 'zod';
import type { PolicyFactory } from './policy-factory.ts';

type Path = readonly PropertyKey[];
type Wanted = 'number' | 'boolean';

const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

/** Parameters in which strings that came of references are numbers and booleans where the schema wants those and nothing else would do. */
export function asWanted(
  { definition }: Pick<PolicyFactory, 'definition'>,
  params: unknown,
  rendered: readonly Path[],
) {
  const { error } = definition.params.safeParse(params);
  if (!error) return params;
  const wanted = new Map(error.issues.flatMap((issue) => wantedBy(issue, [])));
  const copy = structuredClone(params);
  for (const path of rendered) {
    const type = wanted.get(keyOf(path));
    if (type) convertAt(copy, path, type);
  }
  return copy;
}

const keyOf = (path: Path): string => JSON.stringify(path.map(String));

/** The types that an issue asks for, by place; those of a union stand in its forms. */
function wantedBy(issue: z.core.$ZodIssue, at: Path): (readonly [string, Wanted])[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap((inner) => wantedBy(inner, path));
  const type = typeWanted(issue);
  return type ? [[keyOf(path), type]] : [];
}

function typeWanted(issue: z.core.$ZodIssue): Wanted | null {
  if (issue.code === 'invalid_type') {
    if (issue.expected === 'boolean') return 'boolean';
    return issue.expected === 'number' || issue.expected === 'int' ? 'number' : null;
  }
  if (issue.code !== 'invalid_value') return null;
  const [first] = issue.values;
  return typeof first === 'number' || typeof first === 'boolean' ? (typeof first as Wanted) : null;
}

function convertAt(root: unknown, path: Path, type: Wanted): void {
  const holder = path.slice(0, -1).reduce((value, key) => (value as Record<PropertyKey, unknown>)[key], root);
  const key = path.at(-1);
  if (key === undefined) return;
  const places = holder as Record<PropertyKey, unknown>;
  places[key] = converted(String(places[key]).trim(), type) ?? places[key];
}

function converted(text: string, type: Wanted): number | boolean | null {
  if (type === 'number') return NUMBER.test(text) ? Number(text) : null;
  return text === 'true' ? true : text === 'false' ? false : null;
}
