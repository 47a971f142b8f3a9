import type { z } from 'zod';
import type { PolicyDefinition } from './policy-definition.ts';
import { holdsReference } from './secret-reference.ts';

/** Parameters as their schema reads them, and what is wrong with them. */
export interface CheckedParams {
  /** Undefined where the schema refuses them, or cannot tell before references are resolved. */
  readonly data: unknown;
  readonly issues: readonly z.core.$ZodIssue[];
}

/**
 * Checks the parameters of a policy. Where a string holds a reference to a secret, its value is known to each gateway alone, which checks
 * the resolved parameters again: until then the string may stand wherever the schema wants something else.
 */
export function checkParams(definition: PolicyDefinition, params: unknown): CheckedParams {
  const { success, data, error } = definition.params.safeParse(params);
  if (success) return { data, issues: [] };
  return { data: undefined, issues: error.issues.filter((issue) => !dependsOnReference(issue, params)) };
}

function dependsOnReference(issue: z.core.$ZodIssue, params: unknown): boolean {
  let value = params;
  for (const key of issue.path) {
    if (isReference(value)) return true;
    value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
  // A union says only that none of its forms fits, not where.
  return issue.code === 'invalid_union' ? holdsAny(value) : isReference(value);
}

function isReference(value: unknown): boolean {
  return typeof value === 'string' && holdsReference(value);
}

function holdsAny(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isReference(value);
  return Object.values(value).some(holdsAny);
}
