import { type PathOperation, pathMatcher } from './path-match.ts';

/** What a provider lets through, as its document says it. */
export interface AccessRules {
  readonly mode: 'allow_all' | 'deny_all';
  readonly exceptions: readonly { readonly path: string; readonly methods: readonly string[] }[];
}

/** Methods that are let through where everything is. */
const KNOWN_METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Whether an operation of a provider is let through: all of them but the exceptions, or the exceptions alone. No other method than those
 * that `*` stands for ever is.
 */
export function compileAccess({ mode, exceptions }: AccessRules): (operation: PathOperation) => boolean {
  const find = pathMatcher(exceptions);
  return (operation) =>
    KNOWN_METHODS.has(operation.method) && (find(operation) !== undefined) === (mode === 'deny_all');
}
