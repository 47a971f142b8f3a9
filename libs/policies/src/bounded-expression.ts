import type { ParseResult } from '@marcbachmann/cel-js';
import { TextPattern } from './text-pattern.ts';

/** What `matches` is called where it takes linear time. */
export const LINEAR_MATCHES = 'matchesInLinearTime';

const MATCHES = 'matches';
/** What repeats an expression for each item of a list, or names what may then be repeated. */
const REPEATING: ReadonlySet<unknown> = new Set(['all', 'exists', 'exists_one', 'filter', 'map', 'bind']);
/** Each may double a list. */
const MAX_ADDITIONS = 20;

/**
 * The text of a parsed expression with `matches` as RE2 has it (as CEL asks for). Whoever writes an expression shares the gateway with
 * others, and strangers choose what it looks at: throws SyntaxError for one that could take long, since it repeats what repeats, adds
 * too much up, or has a pattern that does not stand in it.
 */
export function boundedText(text: string, { ast }: Pick<ParseResult, 'ast'>): string {
  const nodes = nodesOf(ast);
  if (nodes.filter(({ op }) => op === '+').length > MAX_ADDITIONS)
    throw new SyntaxError(`has more than ${MAX_ADDITIONS} additions`);
  if (nodes.some((node) => repeats(node) && nodesOf(node.args).some(repeats)))
    throw new SyntaxError("has a macro of lists ('all', 'exists', 'map', …) within another one");
  return nodes
    .filter(isMatches)
    .map((call) => placeIn(text, call))
    .toSorted((one, other) => other - one)
    .reduce((left, place) => left.slice(0, place) + LINEAR_MATCHES + left.slice(place + MATCHES.length), text);
}

/** Whether `matches` stands in an expression. */
export function hasMatches({ ast }: Pick<ParseResult, 'ast'>): boolean {
  return nodesOf(ast).some(isMatches);
}

/** What is used here of the syntax tree. */
interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
}

/** All that stand in a tree, its root included. */
function nodesOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isNode(value) ? [value, ...nodesOf(value.args)] : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'end' in value;
}

function nameOf({ op, args }: Node): unknown {
  return op === 'rcall' && Array.isArray(args) ? args[0] : null;
}

const repeats = (node: Node): boolean => REPEATING.has(nameOf(node));
const isMatches = (node: Node): boolean => nameOf(node) === MATCHES;

/** Where the name stands: between what is asked and the pattern. */
function placeIn(text: string, { args }: Node): number {
  const [, receiver, given] = args as readonly [unknown, Node, readonly (Node | undefined)[]];
  const [pattern] = given;
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    throw new SyntaxError("has 'matches' without a pattern that is written in it");
  // Throws where it is none.
  new TextPattern(pattern.args);
  return text.indexOf(MATCHES, receiver.end);
}
