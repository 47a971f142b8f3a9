/** The lists of a snapshot whose entities are read one by one. */
export const ENTITY_LISTS = ['organizations', 'providers', 'proxies', 'teams', 'virtualKeys', 'secrets'] as const;
export type EntityList = (typeof ENTITY_LISTS)[number];

/** A body with each entity as the JSON text that it is written in; everything else is in `frame`. */
export interface SplitBody {
  readonly frame: Readonly<Record<string, unknown>>;
  /** Of the lists that the body has. */
  readonly entities: Partial<Record<EntityList, readonly string[]>>;
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Characters that are read without a pause. */
const STEP = 65_536;

/**
 * Cuts a body into the texts of its entities without parsing these: most are known from the snapshot before. It knows the form
 * in which `JSON.stringify` writes alone, without spaces; undefined for every other one, which may be JSON or not. A part that is
 * no JSON throws a SyntaxError now or when it is parsed.
 */
export function* splitBody(body: string): Generator<void, SplitBody | undefined> {
  const frame: Record<string, unknown> = {};
  const entities: Partial<Record<EntityList, readonly string[]>> = {};
  if (body.charCodeAt(0) !== OPEN_OBJECT) return undefined;
  let at = 0;
  do {
    const part = yield* partAt(body, at + 1);
    if (!part || part.name in frame || part.name in entities) return undefined;
    const { name, start, list } = part;
    if (list) entities[list.name] = list.texts;
    else frame[name] = JSON.parse(body.slice(start, part.end));
    at = part.end;
  } while (body.charCodeAt(at) === COMMA);
  return body.charCodeAt(at) === CLOSE_OBJECT && at === body.length - 1 ? { frame, entities } : undefined;
}

/** One name of the body, where its value stands, and what is in it if it is a list of entities. */
interface Part {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly list: { readonly name: EntityList; readonly texts: readonly string[] } | null;
}

function* partAt(body: string, nameStart: number): Generator<void, Part | undefined> {
  const name = nameAt(body, nameStart);
  if (name === undefined) return undefined;
  // Behind the name with its quotes and the colon.
  const start = nameStart + name.length + 3;
  const listName = ENTITY_LISTS.find((one) => one === name);
  const elements = listName && (yield* elementsOf(body, start));
  if (listName && elements) {
    return { name, start, end: elements.end, list: { name: listName, texts: elements.texts } };
  }
  const end = endOfValue(body, start);
  return end < 0 ? undefined : { name, start, end, list: null };
}

/** The name that begins with the quote at `start`, with a colon behind it; undefined for what needs more than cutting. */
function nameAt(body: string, start: number): string | undefined {
  const end = body.charCodeAt(start) === QUOTE ? endOfString(body, start) : -1;
  if (end < 0 || body.charCodeAt(end) !== COLON) return undefined;
  const name = body.slice(start + 1, end - 1);
  return name.includes('\\') ? undefined : name;
}

/** The texts of a list that begins at `start`, and the place after it; undefined where there is none. */
function* elementsOf(body: string, start: number): Generator<void, { texts: string[]; end: number } | undefined> {
  if (body.charCodeAt(start) !== OPEN_LIST) return undefined;
  const texts: string[] = [];
  if (body.charCodeAt(start + 1) === CLOSE_LIST) return { texts, end: start + 2 };
  let at = start;
  let restAt = start + STEP;
  do {
    const end = endOfValue(body, at + 1);
    if (end < 0) return undefined;
    texts.push(body.slice(at + 1, end));
    at = end;
    if (at > restAt) {
      yield;
      restAt = at + STEP;
    }
  } while (body.charCodeAt(at) === COMMA);
  return body.charCodeAt(at) === CLOSE_LIST ? { texts, end: at + 1 } : undefined;
}

/** The place after the value at `start`; -1 where it does not end. */
function endOfValue(body: string, start: number): number {
  const code = body.charCodeAt(start);
  if (code === QUOTE) return endOfString(body, start);
  if (code === OPEN_OBJECT || code === OPEN_LIST) return endOfBrackets(body, start);
  let at = start;
  while (at < body.length && !isEnd(body.charCodeAt(at))) at += 1;
  return at > start && at < body.length ? at : -1;
}

const isEnd = (code: number): boolean => code === COMMA || code === CLOSE_OBJECT || code === CLOSE_LIST;

/** Brackets are counted and not matched: whoever parses the text finds those that do not belong together. */
function endOfBrackets(body: string, start: number): number {
  let depth = 0;
  for (let at = start; at >= 0 && at < body.length; at += 1) {
    const code = body.charCodeAt(at);
    if (code === QUOTE) at = endOfString(body, at) - 1;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) depth += 1;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1;
    if (at < 0) return -1;
    if (depth === 0) return at + 1;
  }
  return -1;
}

/** The place after the string whose first quote is at `start`; -1 where it does not end. */
function endOfString(body: string, start: number): number {
  for (let quote = body.indexOf('"', start + 1); quote >= 0; quote = body.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (body.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return -1;
}
