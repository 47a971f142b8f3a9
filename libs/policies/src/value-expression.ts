import { type ConditionInput, parseExpression } from './execution-condition.ts';

/** What an expression comes to for a request; null where it fails (a key that is not there) or comes to something else. */
export type ValueExpression<Value> = (input: ConditionInput) => Value | null;

/** Compiles an expression in CEL that comes to a string. Throws an Error that says what is wrong with the text. */
export function compileText(text: string): ValueExpression<string> {
  const program = parseExpression(text, ['string', 'dyn'], 'must be a string');
  return (input) => {
    const value = valueOf(program, input);
    return typeof value === 'string' ? value : null;
  };
}

/** Compiles an expression in CEL that comes to a number. Throws an Error that says what is wrong with the text. */
export function compileNumber(text: string): ValueExpression<number> {
  const program = parseExpression(text, ['int', 'uint', 'double', 'dyn'], 'must be a number');
  return (input) => {
    const value = valueOf(program, input);
    const number = typeof value === 'bigint' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
  };
}

function valueOf(program: (input: ConditionInput) => unknown, input: ConditionInput): unknown {
  try {
    return program(input);
  } catch {
    // As of a condition: what the request lacks is no fault of the expression.
    return null;
  }
}
