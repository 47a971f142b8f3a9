/**
 * Marks that stand for ids which the gateway makes, the same wherever the name is: `$id:name` has 9 or 18 characters of
 * [A-Za-z0-9], `$nine:name` nine, and `$id64:name` (or another bound) at most so many of [A-Za-z0-9_-]. `$count` stands for an
 * estimated number of tokens.
 */
const MARK = /\$(id\d*|nine):([a-z0-9-]+)/g;

const COUNT = '$count';

interface Mark {
  readonly pattern: string;
  readonly name: string;
}

/**
 * The expectation with the ids that `actual` has at the same places. A mark stays where `actual` has no such id there, or where
 * it has another one than before, or the one of another mark, so that the comparison fails.
 */
export function fillMadeIds(expected: unknown, actual: unknown): unknown {
  return fill(expected, actual, new Map());
}

function fill(expected: unknown, actual: unknown, known: Map<string, string>): unknown {
  if (expected === COUNT) return Number.isSafeInteger(actual) && Number(actual) > 0 ? actual : expected;
  if (typeof expected === 'string') return typeof actual === 'string' ? fillText(expected, actual, known) : expected;
  if (typeof expected !== 'object' || expected === null) return expected;
  const other = (typeof actual === 'object' && actual !== null ? actual : {}) as Record<string, unknown>;
  const entries = Object.entries(expected).map(([key, value]) => [key, fill(value, other[key], known)] as const);
  return Array.isArray(expected) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function fillText(expected: string, actual: string, known: Map<string, string>): string {
  const marks = [...expected.matchAll(MARK)].map(([, kind = '', name = '']) => ({ pattern: patternOf(kind), name }));
  const ids = marks.length > 0 ? idsIn(expected, actual, marks) : null;
  if (ids === null) return expected;
  for (const [index, { name }] of marks.entries()) {
    const id = ids[index] ?? '';
    const isOwn = known.get(name) === id || (!known.has(name) && ![...known.values()].includes(id));
    if (!isOwn) return expected;
    known.set(name, id);
  }
  return actual;
}

function patternOf(kind: string): string {
  if (kind === 'nine') return '([A-Za-z0-9]{9})';
  return kind === 'id' ? '([A-Za-z0-9]{9}|[A-Za-z0-9]{18})' : `([A-Za-z0-9_-]{1,${kind.slice(2)}})`;
}

/** What stands in `actual` at the places of the marks; null when the rest differs. */
function idsIn(expected: string, actual: string, marks: readonly Mark[]): readonly string[] | null {
  const pieces = expected.split(/\$(?:id\d*|nine):[a-z0-9-]+/).map((piece) => RegExp.escape(piece));
  const pattern = pieces.map((piece, index) => piece + (marks[index]?.pattern ?? '')).join('');
  return new RegExp(`^${pattern}$`).exec(actual)?.slice(1) ?? null;
}
