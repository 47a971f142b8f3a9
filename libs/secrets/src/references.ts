import { parseReferences, type Reference, SecretReferenceError } from './reference-syntax.ts';

/** Where values come from. Undefined: there is none of that name. */
export interface ReferenceSources {
  readonly secret: (name: string) => string | undefined;
  readonly env: (name: string) => string | undefined;
}

/** Longest text that references may be resolved to. */
const MAX_RESOLVED_LENGTH = 256 * 1024;

/**
 * The text with each `{{ secret "x" }}` and `{{ env "X" }}` replaced by its value. What comes in place of a reference is not
 * read again, so that a value can refer to nothing. Throws {@link SecretReferenceError}, which never holds a value: for what is
 * wrongly written, a value that is missing, or a text of more than 256 Ki characters.
 */
export function resolveReferences(text: string, sources: ReferenceSources): string {
  return resolveParts(parseReferences(text), sources);
}

/** The parts of a text put together. Throws {@link SecretReferenceError}. */
export function resolveParts(parts: readonly (string | Reference)[], sources: ReferenceSources): string {
  let length = 0;
  const values = parts.map((part) => {
    const value = typeof part === 'string' ? part : valueOf(part, sources);
    length += value.length;
    if (length > MAX_RESOLVED_LENGTH) throw new SecretReferenceError('becomes longer than 262144 characters');
    return value;
  });
  return values.join('');
}

/** Names of the secrets that the text refers to, each once, in their order. Throws {@link SecretReferenceError}. */
export function referencedSecrets(text: string): readonly string[] {
  return namesOf(text, ({ source }) => source === 'secret');
}

/** Names of the secrets without which the text cannot be resolved: no default stands in for them. */
export function requiredSecrets(text: string): readonly string[] {
  return namesOf(text, ({ source, fallback }) => source === 'secret' && fallback === undefined);
}

/** Names of the environment variables that the text refers to. Throws {@link SecretReferenceError}. */
export function referencedVariables(text: string): readonly string[] {
  return namesOf(text, ({ source }) => source === 'env');
}

function namesOf(text: string, wanted: (reference: Reference) => boolean): readonly string[] {
  const references = parseReferences(text).filter((part) => typeof part !== 'string');
  return [...new Set(references.filter(wanted).map(({ name }) => name))];
}

/** An empty value counts as missing where there is a default, and where a value is required. */
function valueOf({ source, name, fallback, required }: Reference, sources: ReferenceSources): string {
  const value = sources[source](name);
  if (value !== undefined && value !== '') return value;
  if (fallback !== undefined) return fallback;
  const what = source === 'secret' ? `the secret '${name}'` : `the environment variable '${name}'`;
  if (value === undefined) throw new SecretReferenceError(`${what} does not exist`);
  if (required) throw new SecretReferenceError(`${what} is empty and required`);
  return value;
}
