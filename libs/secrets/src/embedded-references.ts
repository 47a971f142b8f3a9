import { holdsReference } from '@penstock/contracts';
import { parseEmbeddedReferences, type Reference, SecretReferenceError } from './reference-syntax.ts';
import { type ReferenceSources, resolveParts } from './references.ts';

type Path = readonly PropertyKey[];

/** A text that holds references, and where it stands. */
export interface ReferringText {
  readonly path: Path;
  readonly text: string;
}

/** The strings of a value that hold references; keys hold none. */
export function referringTexts(value: unknown, path: Path = []): readonly ReferringText[] {
  if (typeof value === 'string') return holdsReference(value) ? [{ path, text: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => referringTexts(inner, [...path, key as PropertyKey]));
}

/** What a text refers to, among whatever else stands in it. Throws {@link SecretReferenceError}. */
export function embeddedReferences(text: string): readonly Reference[] {
  return parseEmbeddedReferences(text).filter((part) => typeof part !== 'string');
}

/** A reference that cannot be resolved; the message names the place and holds no value. */
export class UnresolvedError extends Error {
  override readonly name = 'UnresolvedError';
}

/**
 * A copy of a JSON value in which the strings that hold references are resolved, and where those stand. Values that are put in are not read
 * again. Throws {@link UnresolvedError}.
 */
export function resolveValue<Value>(value: Value, sources: ReferenceSources): { value: Value; rendered: Path[] } {
  const rendered: Path[] = [];
  const resolve = (inner: unknown, path: Path): unknown => {
    if (typeof inner === 'string') {
      if (!holdsReference(inner)) return inner;
      rendered.push(path);
      return resolveAt(inner, path, sources);
    }
    if (Array.isArray(inner)) return inner.map((item, index) => resolve(item, [...path, index]));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, resolve(item, [...path, key])]));
  };
  return { value: resolve(value, []) as Value, rendered };
}

function resolveAt(text: string, path: Path, sources: ReferenceSources): string {
  try {
    return resolveParts(parseEmbeddedReferences(text), sources);
  } catch (error) {
    if (!(error instanceof SecretReferenceError)) throw error;
    throw new UnresolvedError(`${path.map(String).join('.')}: ${error.message}`, { cause: error });
  }
}
