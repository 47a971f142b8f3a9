import type { z } from 'zod';

/** Why a vendor does not take a request. */
export interface Violation {
  readonly path: readonly (string | number)[];
  /**
   * unknown: a field that does not exist there. missing: a required one is absent. invalid: a value of a wrong type or out of
   * bounds. rule: a rule between several fields. credentials: none were sent.
   */
  readonly kind: 'unknown' | 'missing' | 'invalid' | 'rule' | 'credentials';
  /** In the vendor's words. */
  readonly message: string;
  /** The vendor's code of the error where it has several. */
  readonly code?: string;
}

/** A broken rule, at a path. */
export function brokenRule(path: readonly (string | number)[], message: string, code?: string): Violation {
  return { path, kind: 'rule', message, ...(code === undefined ? {} : { code }) };
}

/** A rule and whether it is broken: `[isBroken, path, message, code]`. */
export type RuleRow = readonly [isBroken: boolean, path: Violation['path'], message: string, code?: string];

/** The broken ones of a table of rules. */
export function brokenRules(rows: readonly RuleRow[]): Violation[] {
  return rows.flatMap(([isBroken, path, message, code]) => (isBroken ? [brokenRule(path, message, code)] : []));
}

/** `messages.0.content`, as pydantic writes it. */
export function dottedPath(path: Violation['path']): string {
  return path.join('.');
}

/** `messages[0].content`, as OpenAI writes it. */
export function bracketPath(path: Violation['path']): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}

type Issue = z.core.$ZodIssue;

/** The violations behind what zod found; of a union only those of the member that was meant. */
export function violationsOf(issues: readonly Issue[], base: Violation['path'] = []): Violation[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...(issue.path as (string | number)[])];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...path, key]));
    if (issue.code === 'invalid_union' && issue.errors.length > 0) return violationsOf(meantBranch(issue.errors), path);
    const missing =
      issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith(' received undefined');
    return [{ path, kind: missing ? 'missing' : 'invalid', message: issue.message } as const];
  });
}

function unknownField(path: Violation['path']): Violation {
  return { path, kind: 'unknown', message: 'unknown field' };
}

/** The branch that fits best: one whose own type is right (faults lie deeper), and of those the one with the fewest. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const score = (issues: readonly Issue[]): number =>
    issues.filter((issue) => issue.path.length === 0 && issue.code !== 'unrecognized_keys').length * 1000 +
    issues.filter((issue) => issue.code === 'invalid_value').length * 100 +
    issues.length;
  return branches.reduce((best, branch) => (score(branch) < score(best) ? branch : best));
}
