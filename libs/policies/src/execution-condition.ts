import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { boundedText, hasMatches, LINEAR_MATCHES } from './bounded-expression.ts';
import { TextPattern } from './text-pattern.ts';

/** What a condition sees. */
export interface ConditionInput {
  readonly request: {
    readonly Method: string;
    readonly Path: string;
    /** By name in lower case; a repeated header has several values. */
    readonly Headers: Readonly<Record<string, readonly string[]>>;
    readonly Metadata: Readonly<Record<string, string>>;
  };
  readonly api: { readonly Name: string; readonly Context: string };
}

/** Whether a policy runs. */
export type ExecutionCondition = (input: ConditionInput) => boolean;

/** Patterns of expressions in use; more are compiled again. */
const MAX_PATTERNS = 1_000;
const patterns = new Map<string, TextPattern>();

const environment = new Environment()
  .registerVariable('request', 'map')
  .registerVariable('api', 'map')
  .registerFunction(`string.${LINEAR_MATCHES}(string): bool`, (text: string, pattern: string) =>
    patternOf(pattern).test(text),
  );

/** What came of a condition: `fails` as when a key is not there. */
export type ConditionOutcome =
  | { readonly outcome: 'true' | 'false' }
  | { readonly outcome: 'fails'; readonly reason: string };

/**
 * Compiles a condition in CEL. What it evaluates to must be true or false; where it fails on a request (a key that is not
 * there), the policy does not run. Throws an Error that says what is wrong with the text.
 */
export function compileCondition(text: string): ExecutionCondition {
  const program = parse(text);
  return (input) => {
    try {
      return program(input) === true;
    } catch {
      return false;
    }
  };
}

/** What a condition comes to for one request, and why it fails where it does. Throws as {@link compileCondition}. */
export function explainCondition(text: string, input: ConditionInput): ConditionOutcome {
  const program = parse(text);
  try {
    return { outcome: program(input) === true ? 'true' : 'false' };
  } catch (error) {
    return { outcome: 'fails', reason: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

function parse(text: string) {
  return parseExpression(text, ['bool', 'dyn'], 'must be true or false');
}

/** Reads an expression over `request` and `api` of one of some types. Throws an Error that says what is wrong with the text. */
export function parseExpression(
  text: string,
  types: readonly string[],
  wanted: string,
): (input: ConditionInput) => unknown {
  const program = boundedProgram(text);
  const { valid, type, error } = program.check();
  if (!valid) throw new SyntaxError(firstLine(error?.message ?? 'is not an expression'));
  if (!types.includes(type ?? '')) throw new SyntaxError(`${wanted}, and is of type ${type}`);
  return (input) => program(input) as unknown;
}

/** An expression that cannot take long, whatever a request holds. */
function boundedProgram(text: string): ParseResult {
  const program = environment.parse(text);
  const bounded = boundedText(text, program);
  if (bounded === text) return program;
  const changed = environment.parse(bounded);
  if (hasMatches(changed)) throw new SyntaxError("has 'matches' where a comment hides it");
  return changed;
}

function patternOf(source: string): TextPattern {
  const known = patterns.get(source);
  if (known) return known;
  if (patterns.size >= MAX_PATTERNS) patterns.clear();
  const pattern = new TextPattern(source);
  patterns.set(source, pattern);
  return pattern;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
