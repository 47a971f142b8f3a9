import type { z } from 'zod';
import { type Violation, violationsOf } from './violation.ts';

/** A body that fits its schema and rules, or what is wrong with it. */
export type Checked<Body> =
  | { readonly body: Body; readonly violations: null }
  | { readonly body: null; readonly violations: readonly Violation[] };

/** Checks form first and, when that is right, the rules between fields: the order of all vendors. */
export function checkBody<Body>(
  schema: z.ZodType<Body>,
  value: unknown,
  rules: (body: Body) => readonly Violation[] = () => [],
): Checked<Body> {
  if (value === undefined) return failed([{ path: [], kind: 'invalid', message: 'the body is not valid JSON' }]);
  const parsed = schema.safeParse(value);
  if (!parsed.success) return failed(violationsOf(parsed.error.issues));
  const broken = rules(parsed.data);
  return broken.length > 0 ? failed(broken) : { body: parsed.data, violations: null };
}

function failed<Body>(violations: readonly Violation[]): Checked<Body> {
  return { body: null, violations };
}
