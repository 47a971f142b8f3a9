import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTool } from '../canonical-request.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { mapParts } from './map-parts.ts';
import { isJsonObject } from './schema/json-object.ts';
import { without } from './without.ts';

const INPUT_SCHEMA: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
  required: ['input'],
  additionalProperties: false,
};

/** Deepest place at which the grammar of a tool stands within its definition. */
const MAX_GRAMMAR_DEPTH = 4;

/** Makes functions with the one argument `input` of freeform tools, and of their calls, where the model knows only functions. */
export function wrapCustomTools(request: CanonicalRequest, { profile }: PrepareContext): CanonicalRequest {
  if (profile.customTools) return request;
  return { ...mapParts(request, (part) => [wrapCall(part)]), tools: request.tools.map(wrapTool) };
}

function wrapTool(tool: CanonicalTool): CanonicalTool {
  if (tool.kind !== 'custom') return tool;
  const description = [tool.description, grammarText(tool.native?.value)].filter(Boolean).join('\n\n');
  const wrapped = without(tool, 'native', 'strict', 'description');
  return { ...wrapped, kind: 'function', parameters: INPUT_SCHEMA, ...(description !== '' && { description }) };
}

function wrapCall(part: CanonicalPart): CanonicalPart {
  if (part.type !== 'tool-call' || part.kind !== 'custom') return part;
  return { ...part, kind: 'function', arguments: JSON.stringify({ input: part.arguments }) };
}

interface Grammar {
  readonly definition: string;
  readonly syntax: string | undefined;
}

/** The model must learn the grammar from words, since nothing holds it to it. */
function grammarText(native: Json | undefined): string | undefined {
  const grammar = findGrammar(native, MAX_GRAMMAR_DEPTH);
  if (!grammar) return undefined;
  const syntax = grammar.syntax === undefined ? '' : ` (${grammar.syntax})`;
  return `The input must follow this grammar${syntax}:\n${grammar.definition}`;
}

/** Chat and Responses nest it differently: `format.grammar.definition`, `format.definition`. */
function findGrammar(value: Json | undefined, depth: number): Grammar | undefined {
  if (!isJsonObject(value) || depth === 0) return undefined;
  const { definition, syntax, format, grammar } = value;
  if (typeof definition === 'string') return { definition, syntax: typeof syntax === 'string' ? syntax : undefined };
  return findGrammar(format, depth - 1) ?? findGrammar(grammar, depth - 1);
}
