import type { SnapshotPolicy } from '@penstock/contracts';
import { PathTemplate } from './path-template.ts';

type PolicyPath = NonNullable<SnapshotPolicy['paths']>[number];

/** What methods `*` stands for. */
const ANY_METHOD = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Paths and the methods at which they count. */
interface PathEntry {
  readonly path: string;
  readonly methods: readonly string[];
}

/** One method of one path; `paths`: how the path may be written (with the version and without). */
export interface PathOperation {
  readonly method: string;
  readonly paths: readonly string[];
}

/**
 * The entry of a policy that holds for an operation: of those that match, an exact path goes before one with parameters and that before
 * a wildcard, a longer one before a shorter, and fewer methods before more.
 */
export function matchPath(entries: readonly PolicyPath[], operation: PathOperation): PolicyPath | undefined {
  return pathMatcher(entries)(operation);
}

/** The same for many operations. */
export function pathMatcher<Entry extends PathEntry>(
  entries: readonly Entry[],
): (operation: PathOperation) => Entry | undefined {
  const compiled = entries.map((entry) => ({ entry, template: new PathTemplate(entry.path) })).toSorted(bySpecificity);
  return ({ method, paths }) =>
    compiled.find(
      ({ entry, template }) => allows(entry.methods, method) && paths.some((path) => template.matches(path)),
    )?.entry;
}

function allows(methods: readonly string[], method: string): boolean {
  return methods.includes(method) || (methods.includes('*') && ANY_METHOD.has(method));
}

interface Compiled {
  readonly entry: PathEntry;
  readonly template: PathTemplate;
}

function bySpecificity(left: Compiled, right: Compiled): number {
  return (
    Number(left.template.isWildcard) - Number(right.template.isWildcard) ||
    Number(left.template.hasParameters) - Number(right.template.hasParameters) ||
    right.entry.path.length - left.entry.path.length ||
    width(left.entry.methods) - width(right.entry.methods)
  );
}

function width(methods: readonly string[]): number {
  return methods.includes('*') ? ANY_METHOD.size : methods.length;
}
