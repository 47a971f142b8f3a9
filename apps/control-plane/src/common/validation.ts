import type { z } from 'zod';
import { AdminError, type FieldError } from './admin-error.ts';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
}

const MAX_REPORTED = 50;

/** The 400 for what a schema found; unknown fields are named one by one. */
export function validationError(issues: readonly Issue[]): AdminError {
  const errors = issues.flatMap(fieldErrors).slice(0, MAX_REPORTED);
  return new AdminError('invalid', 'The request is invalid.', { errors });
}

/** Parses or throws the 400. */
export function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (!result.success) throw validationError(result.error.issues as readonly Issue[]);
  return result.data;
}

function fieldErrors(issue: Issue): FieldError[] {
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({ field: formatPath([...path, key]), message: 'is not a known field' }));
  }
  return [{ field: formatPath(path), message: issue.message }];
}

/** `['spec', 'models', 0, 'id']` as `spec.models[0].id`. */
function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`;
  }
  return text.slice(0, 512);
}
