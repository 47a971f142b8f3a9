import type { MatchedModelProfile, ModelProfileOverrides } from '@penstock/contracts';

/** What OpenAI's models have in common, wherever they are served. */
export const OPENAI_PROFILE: ModelProfileOverrides = {
  maxTokensField: 'max_completion_tokens',
  efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  midSystem: 'native',
  multipleSystem: true,
  customTools: true,
  schemaDialect: 'openai',
  imageTypes: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
  documents: true,
  reasoningField: 'none',
};

/** Models that think sample in their own way, and have no stop sequences. */
const fixedSampling = {
  temperature: 'drop',
  topP: 'drop',
  stop: 'drop',
  frequencyPenalty: 'drop',
  presencePenalty: 'drop',
  logitBias: 'drop',
  logprobs: 'drop',
} as const;

const thinks = (maxOutputTokens: number, overrides: ModelProfileOverrides): ModelProfileOverrides => ({
  systemRole: 'developer',
  maxOutputTokens,
  parameters: fixedSampling,
  ...overrides,
});
const responsesOnly = (maxOutputTokens: number, overrides: ModelProfileOverrides): ModelProfileOverrides =>
  thinks(maxOutputTokens, { chatDialect: 'openai-responses', ...overrides });
const speaks = (maxOutputTokens: number): ModelProfileOverrides => ({
  maxTokensField: 'max_tokens',
  maxOutputTokens,
  thinking: 'none',
  parameters: { reasoning: 'drop', verbosity: 'drop' },
});

/** Capabilities by model: what an administrator may change in a template of their own, or for one model of a provider. */
export const OPENAI_MODELS: readonly MatchedModelProfile[] = [
  {
    match: 'gpt-5*-chat*',
    profile: { maxOutputTokens: 16_384, thinking: 'none', parameters: { reasoning: 'drop', temperature: 'drop' } },
  },
  { match: 'gpt-5-pro*', profile: responsesOnly(272_000, { efforts: ['high'], thinkingOff: false }) },
  {
    match: 'gpt-5*-pro*',
    profile: responsesOnly(128_000, { efforts: ['medium', 'high', 'xhigh'], thinkingOff: false }),
  },
  {
    match: 'gpt-5-codex*',
    profile: responsesOnly(128_000, { efforts: ['low', 'medium', 'high'], thinkingOff: false }),
  },
  {
    match: 'gpt-5.1-codex-max*',
    profile: responsesOnly(128_000, { efforts: ['low', 'medium', 'high', 'xhigh'], thinkingOff: false }),
  },
  {
    match: 'gpt-5.1-codex*',
    profile: responsesOnly(128_000, { efforts: ['low', 'medium', 'high'], thinkingOff: false }),
  },
  {
    match: 'gpt-5*-codex*',
    profile: responsesOnly(128_000, { efforts: ['low', 'medium', 'high', 'xhigh'], thinkingOff: false }),
  },
  { match: 'gpt-5.1*', profile: thinks(128_000, { efforts: ['none', 'low', 'medium', 'high'] }) },
  { match: 'gpt-5.2*', profile: thinks(128_000, { efforts: ['none', 'low', 'medium', 'high', 'xhigh'] }) },
  { match: 'gpt-5.3*', profile: thinks(128_000, { efforts: ['none', 'low', 'medium', 'high', 'xhigh'] }) },
  {
    match: 'gpt-5.*',
    profile: thinks(128_000, { efforts: ['none', 'low', 'medium', 'high', 'xhigh'], toolsRequireResponses: true }),
  },
  { match: 'gpt-5*', profile: thinks(128_000, { efforts: ['minimal', 'low', 'medium', 'high'], thinkingOff: false }) },
  { match: '*-deep-research*', profile: responsesOnly(100_000, { efforts: ['medium'], thinkingOff: false }) },
  { match: 'o1-pro*', profile: responsesOnly(100_000, { efforts: ['low', 'medium', 'high'], thinkingOff: false }) },
  { match: 'o3-pro*', profile: responsesOnly(100_000, { efforts: ['low', 'medium', 'high'], thinkingOff: false }) },
  ...['o1*', 'o3*', 'o4*'].map((match) => ({
    match,
    profile: thinks(100_000, { efforts: ['low', 'medium', 'high'], thinkingOff: false }),
  })),
  { match: 'gpt-4.1*', profile: speaks(32_768) },
  { match: 'gpt-4o-audio*', profile: { ...speaks(16_384), audioInput: true, images: 'none' } },
  { match: 'gpt-4o*', profile: speaks(16_384) },
  { match: 'chatgpt-4o*', profile: speaks(16_384) },
  { match: 'gpt-4-turbo*', profile: speaks(4096) },
  { match: 'gpt-4*', profile: { ...speaks(8192), images: 'none', structuredOutput: 'prompt' } },
  { match: 'gpt-3.5*', profile: { ...speaks(4096), images: 'none', structuredOutput: 'prompt' } },
];
