import type { SnapshotPolicy } from '@penstock/contracts';

type PolicyPath = NonNullable<SnapshotPolicy['paths']>[number];

/** What methods `*` stands for. */
const ANY_METHOD = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * The entry of a policy that holds for an operation: of those that match, an exact path goes before a wildcard, a longer one before
 * a shorter, and fewer methods before more. `paths`: how the operation's path may be written (with the version and without).
 */
export function matchPath(
  entries: readonly PolicyPath[],
  operation: { readonly method: string; readonly paths: readonly string[] },
): PolicyPath | undefined {
  const matching = entries.filter(
    ({ path, methods }) => allows(methods, operation.method) && operation.paths.some((own) => covers(path, own)),
  );
  return matching.toSorted(bySpecificity)[0];
}

function allows(methods: readonly string[], method: string): boolean {
  return methods.includes(method) || (methods.includes('*') && ANY_METHOD.has(method));
}

function covers(pattern: string, path: string): boolean {
  if (!pattern.endsWith('*')) return withoutParameters(pattern) === withoutParameters(path);
  return path.startsWith(pattern.slice(0, -1)) || `${path}/` === pattern.slice(0, -1);
}

/** Documents may call a parameter as they like. */
function withoutParameters(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, '{}');
}

function bySpecificity(left: PolicyPath, right: PolicyPath): number {
  return (
    Number(left.path.endsWith('*')) - Number(right.path.endsWith('*')) ||
    right.path.length - left.path.length ||
    width(left.methods) - width(right.methods)
  );
}

function width(methods: readonly string[]): number {
  return methods.includes('*') ? ANY_METHOD.size : methods.length;
}
