import { referenceIndex } from '@penstock/contracts';

/** One `{{ ... }}` of a text. */
export interface Reference {
  readonly source: 'secret' | 'env';
  readonly name: string;
  /** What stands in where the value is missing or empty. */
  readonly fallback: string | undefined;
  /** An empty value is refused. */
  readonly required: boolean;
}

/** A reference is wrongly written or cannot be resolved. The message fits after the name of a field and holds no value. */
export class SecretReferenceError extends Error {
  override readonly name = 'SecretReferenceError';
}

const MAX_TEXT_LENGTH = 64 * 1024;
const MAX_REFERENCES = 100;
const MAX_NAME_LENGTH = 253;

// A text in double quotes with escapes as in JSON, or in backquotes as it is.
const TEXT = String.raw`"(?:[^"\\\n]|\\.)*"|` + '`[^`]*`';
const CALL = new RegExp(String.raw`^\s*(secret|env)\s+(${TEXT})\s*`, 'y');
/** As JSON within JSON writes a quote: what stands in it cannot be told before the text is read. */
const ESCAPED = /\{\{\s*(?:secret|env)\s+\\["`]/y;
const FILTER = new RegExp(String.raw`\|\s*(?:(required)(?:\s+(?:${TEXT}))?|(default)\s+(${TEXT}))\s*`, 'y');

/**
 * Takes a text of at most 64 Ki characters apart: what stands there as it is, and references, at most 100 of them. Known are
 * `{{ secret "name" }}` and `{{ env "NAME" }}`, each followed by any of `| default "value"` and `| required`. Linear in the
 * text. Throws {@link SecretReferenceError}.
 */
export function parseReferences(text: string): readonly (string | Reference)[] {
  return takeApart(text, (from) => text.indexOf('{{', from));
}

/** The same for text in which other things stand between double braces, such as prompts: only what begins as a reference is one. */
export function parseEmbeddedReferences(text: string): readonly (string | Reference)[] {
  return takeApart(text, (from) => {
    const start = referenceIndex(text, from);
    ESCAPED.lastIndex = Math.max(0, start);
    if (start === -1 || !ESCAPED.test(text)) return start;
    throw new SecretReferenceError('has a reference with escaped quotes: within JSON text write {{ secret `name` }}');
  });
}

function takeApart(text: string, next: (from: number) => number): readonly (string | Reference)[] {
  if (next(0) === -1) return [text];
  if (text.length > MAX_TEXT_LENGTH) throw new SecretReferenceError('is longer than 65536 characters');
  const parts: (string | Reference)[] = [];
  let references = 0;
  let position = 0;
  for (let start = next(0); start !== -1; start = next(position)) {
    if (++references > MAX_REFERENCES) throw new SecretReferenceError('has more than 100 references');
    const end = endOf(text, start + 2);
    if (start > position) parts.push(text.slice(position, start));
    parts.push(parseReference(text.slice(start + 2, end)));
    position = end + 2;
  }
  if (position < text.length) parts.push(text.slice(position));
  return parts;
}

/** Where the `}}` stands that closes a reference; one within a quoted text does not. */
function endOf(text: string, from: number): number {
  let quote = '';
  for (let index = from; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote === '"' && character === '\\') index++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === '`') quote = character;
    else if (character === '}' && text.charAt(index + 1) === '}') return index;
  }
  throw new SecretReferenceError("has a '{{' without its '}}'");
}

function parseReference(inside: string): Reference {
  CALL.lastIndex = 0;
  const [call, source, quoted = ''] = CALL.exec(inside) ?? [];
  if (call === undefined || (source !== 'secret' && source !== 'env')) {
    throw new SecretReferenceError(`has a reference that is neither {{ secret "name" }} nor {{ env "NAME" }}`);
  }
  const name = unquote(quoted);
  if (name === '' || name.length > MAX_NAME_LENGTH) throw new SecretReferenceError('has a reference without a name');
  return { source, name, ...parseFilters(inside, call.length) };
}

function parseFilters(inside: string, from: number): Pick<Reference, 'fallback' | 'required'> {
  let fallback: string | undefined;
  let required = false;
  for (let position = from; position < inside.length; position = FILTER.lastIndex) {
    FILTER.lastIndex = position;
    const found = FILTER.exec(inside);
    if (!found)
      throw new SecretReferenceError(`may only be followed by '| default "value"' and '| required' in a reference`);
    if (found[1]) required = true;
    // The first default that is not empty holds, as in a chain of them.
    if (found[2] && (fallback ?? '') === '') fallback = unquote(found[3] ?? '');
  }
  return { fallback: required && fallback === '' ? undefined : fallback, required };
}

function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return inner;
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new SecretReferenceError('has a reference with an escape that JSON does not know');
  }
}
