const PARAMETER = /\{[^{}/]*\}/g;
/** What no path of an operation has: a query, spaces, empty and dot segments, and a `*` that is not its end. */
const NEVER = /[\s?#]|\/\/|\/\.{1,2}(?:\/|$)|\*./;

/** Whether there can be a request at a path as documents write it: what never matches would neither deny nor guard anything. */
export function isOperationPath(path: string): boolean {
  return path.startsWith('/') && !NEVER.test(path) && !/[{}]/.test(path.replaceAll(PARAMETER, ''));
}

export const OPERATION_PATH_RULE =
  "must be a path without query, empty or dot segments, which may hold {parameters} and end with '*'";
