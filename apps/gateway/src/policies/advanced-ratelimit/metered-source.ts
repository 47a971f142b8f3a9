import type { Consumption } from '@penstock/rate-limiting';

const MICRO_USD = 1_000_000;

type Metered = (consumption: Consumption) => number | null;

const inputTokens: Metered = ({ usage }) => usage.inputTokens;
const outputTokens: Metered = ({ usage }) => usage.outputTokens;
const allTokens: Metered = ({ usage }) => usage.inputTokens + usage.outputTokens;

/** Where the vendors' answers say their tokens. The gateway meters them anyway, of streams too. */
const BY_PATH: Readonly<Record<string, Metered>> = {
  '$.usage.prompt_tokens': inputTokens,
  '$.usage.input_tokens': inputTokens,
  '$.usageMetadata.promptTokenCount': inputTokens,
  '$.usage.completion_tokens': outputTokens,
  '$.usage.output_tokens': outputTokens,
  '$.usageMetadata.candidatesTokenCount': outputTokens,
  '$.usage.total_tokens': allTokens,
  '$.usageMetadata.totalTokenCount': allTokens,
};

/** What the policy llm-cost tells in documents, in US dollars. */
const COST_KEY = 'x-llm-cost';

/** Reads what the gateway meters itself; null: the source is none of that. */
export function meteredSource(source: {
  readonly type: string;
  readonly key?: unknown;
  readonly jsonPath?: unknown;
}): Metered | null {
  if (source.type === 'response_body') return BY_PATH[String(source.jsonPath)] ?? null;
  if (source.type !== 'response_metadata' || source.key !== COST_KEY) return null;
  return ({ costMicroUsd }) => (costMicroUsd === null ? null : costMicroUsd / MICRO_USD);
}
