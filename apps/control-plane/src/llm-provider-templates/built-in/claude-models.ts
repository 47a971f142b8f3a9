import type { MatchedModelProfile, ModelProfileOverrides } from '@penstock/contracts';

/** Output that is asked for where a caller sets no bound: room for a long answer, less than the newest models could give. */
const DEFAULT_OUTPUT_TOKENS = 32_000;

const output = (max: number): ModelProfileOverrides => ({
  maxOutputTokens: max,
  defaultMaxOutputTokens: Math.min(max, DEFAULT_OUTPUT_TOKENS),
});

/** They choose how long to think, sample in their own way, and do not go on with words put into their mouth. */
const newest: ModelProfileOverrides = {
  ...output(128_000),
  thinking: 'adaptive',
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  parameters: { temperature: 'drop', topP: 'drop', topK: 'drop' },
  prefill: false,
  structuredOutput: 'native',
};
const adaptive: ModelProfileOverrides = {
  ...output(128_000),
  thinking: 'adaptive',
  efforts: ['low', 'medium', 'high', 'max'],
  prefill: false,
  structuredOutput: 'native',
};
const budget = (max: number, structuredOutput: 'native' | 'json-tool'): ModelProfileOverrides => ({
  ...output(max),
  thinking: 'budget',
  structuredOutput,
});
const plain = (max: number): ModelProfileOverrides => ({
  ...output(max),
  thinking: 'none',
  parameters: { reasoning: 'drop' },
  temperatureWithTopP: true,
  structuredOutput: 'json-tool',
});

/** Names of the first model of a generation: bare, or with a date. */
const firstOf = (name: string): readonly string[] => [name, `${name}-0*`, `${name}-2*`, `${name}@*`];

/** Capabilities of Claude models under Anthropic's own names; what is not known is taken for one of the newest. */
export const CLAUDE_MODELS: readonly MatchedModelProfile[] = [
  ...['claude-opus-4-6*', 'claude-sonnet-4-6*'].map((match) => ({ match, profile: adaptive })),
  { match: 'claude-*-4-5*', profile: budget(64_000, 'native') },
  { match: 'claude-opus-4-1*', profile: budget(32_000, 'native') },
  ...firstOf('claude-opus-4').map((match) => ({ match, profile: budget(32_000, 'json-tool') })),
  ...firstOf('claude-sonnet-4').map((match) => ({ match, profile: budget(64_000, 'json-tool') })),
  { match: 'claude-3-7-*', profile: { ...budget(64_000, 'json-tool'), temperatureWithTopP: true } },
  { match: 'claude-3-5-*', profile: plain(8192) },
  { match: 'claude-3-*', profile: plain(4096) },
  { match: 'claude-*', profile: newest },
];
