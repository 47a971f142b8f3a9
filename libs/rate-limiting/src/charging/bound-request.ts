import type { Dialect } from '@penstock/contracts';
import { type Member, parseValue } from '@penstock/dialects';
import { chooseDialect, isTranslated } from '@penstock/providers';
import { isJsonObject } from './is-json-object.ts';
import { outputBoundOf } from './output-bound.ts';
import { type PricedCandidate, priceOf } from './priced-candidate.ts';
import { referencedTokens } from './referenced-tokens.ts';
import type { SentRequest } from './sent-request.ts';
import { UpperBound } from './upper-bound.ts';

/** Members that make vendors add instructions of their own. */
const TOOL_MEMBERS: ReadonlySet<string> = new Set([
  'tools',
  'functions',
  'mcp_servers',
  'output_config',
  'response_format',
  'text',
  'web_search_options',
]);
/** Members by which a caller asks a model to think. */
const THINKING_MEMBERS: ReadonlySet<string> = new Set([
  'thinking',
  'reasoning',
  'reasoning_effort',
  'generationConfig',
]);
/** Fewer tokens make no answer. */
const LEAST_OUTPUT = 16;
const OPEN_ARRAY = 0x5b;

/** The most that a request can use at its candidates. `fallback`: the bound of an answer where neither caller nor model has one. */
export function boundRequest(
  { surface, facts, body }: SentRequest,
  candidates: readonly PricedCandidate[],
  { nowMs, fallback }: { readonly nowMs: number; readonly fallback: number },
): UpperBound {
  return new UpperBound({
    bytes: body.length,
    referenced: referencedTokens(body),
    hasTools: facts.members.some(({ key }) => TOOL_MEMBERS.has(key)),
    answers: facts.choices * promptsOf({ surface, facts, body }),
    candidates: candidates.map((candidate) => ({
      outputBound: surface.outputFields.length === 0 ? 0 : boundAt(candidate, { surface, facts, body }, fallback),
      price: priceOf(candidate, nowMs),
    })),
    leastOutput: LEAST_OUTPUT + thinkingBudgetOf({ surface, facts, body }),
  });
}

/** The most tokens of one answer of a candidate. */
function boundAt({ provider, target }: PricedCandidate, { surface, facts }: SentRequest, fallback: number): number {
  const { adapter, profiles } = provider;
  const usual = profiles.of(target.modelId, target.upstreamModel);
  const dialect: Dialect = chooseDialect(surface, facts, { adapter, profile: usual }) ?? surface.dialect;
  const profile = profiles.of(target.modelId, target.upstreamModel, dialect);
  const thinks = facts.members.some(({ key }) => THINKING_MEMBERS.has(key));
  const terms = { profile, dialect, translated: isTranslated(surface, dialect, adapter), thinks };
  return outputBoundOf(facts.maxOutputTokens, terms, fallback);
}

/** Each prompt of the legacy completions is answered for itself. */
function promptsOf({ surface: { operation }, facts: { members }, body }: SentRequest): number {
  const prompt = operation === 'completions' ? members.find(({ key }) => key === 'prompt') : undefined;
  if (!prompt || body[prompt.start] !== OPEN_ARRAY) return 1;
  const prompts = valueAt(body, prompt) as readonly unknown[];
  return typeof prompts[0] === 'number' ? 1 : Math.max(1, prompts.length);
}

/** Claude wants its bound to be larger than what it may think. */
function thinkingBudgetOf({ surface: { dialect }, facts: { members }, body }: SentRequest): number {
  const thinking = dialect === 'anthropic' ? members.find(({ key }) => key === 'thinking') : undefined;
  const value = thinking && valueAt(body, thinking);
  const budget = isJsonObject(value) ? value['budget_tokens'] : undefined;
  return typeof budget === 'number' && Number.isSafeInteger(budget) && budget > 0 ? budget : 0;
}

function valueAt(body: Buffer, { start, end }: Member): unknown {
  return parseValue(body.toString('utf8', start, end));
}
