type Json = unknown;

/** One place where two documents differ. */
export interface DocumentChange {
  /** `spec.upstream.url` */
  readonly path: string;
  /** Undefined where the place is new. */
  readonly before: string | undefined;
  /** Undefined where the place is gone. */
  readonly after: string | undefined;
}

/** Where two documents differ, leaf by leaf, in the order of the paths. */
export function diffDocuments(before: Json, after: Json): DocumentChange[] {
  const left = leavesOf(before);
  const right = leavesOf(after);
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  return paths
    .map((path) => ({ path, before: left.get(path), after: right.get(path) }))
    .filter((change) => change.before !== change.after);
}

function leavesOf(document: Json, path = '', leaves = new Map<string, string>()): Map<string, string> {
  const entries = typeof document === 'object' && document !== null ? Object.entries(document) : [];
  if (entries.length > 0) {
    for (const [name, value] of entries) leavesOf(value, path ? `${path}.${name}` : name, leaves);
  } else if (document !== null && document !== undefined) {
    leaves.set(path, typeof document === 'string' ? document : JSON.stringify(document));
  }
  return leaves;
}
