import type { Dialect, ParameterRule, TunableParameter } from '@penstock/contracts';

type ParameterRules = Readonly<Record<TunableParameter, ParameterRule>>;

/** What OpenAI's Chat Completions take; servers that speak it take more or less, which their templates say. */
const OPENAI_CHAT: ParameterRules = {
  temperature: 'pass',
  topP: 'pass',
  topK: 'drop',
  minP: 'drop',
  stop: 'pass',
  seed: 'pass',
  choices: 'pass',
  frequencyPenalty: 'pass',
  presencePenalty: 'pass',
  logitBias: 'pass',
  logprobs: 'pass',
  parallelToolCalls: 'pass',
  reasoning: 'pass',
  verbosity: 'pass',
  serviceTier: 'pass',
  metadata: 'pass',
  endUser: 'pass',
  promptCacheKey: 'pass',
  // Only the newest models of one vendor know marks; others refuse the unknown field.
  cacheMarks: 'drop',
  prediction: 'pass',
  audioOutput: 'pass',
  webSearch: 'pass',
  store: 'pass',
};

const OPENAI_RESPONSES: ParameterRules = {
  ...OPENAI_CHAT,
  stop: 'drop',
  seed: 'drop',
  choices: 'refuse',
  frequencyPenalty: 'drop',
  presencePenalty: 'drop',
  logitBias: 'drop',
  prediction: 'drop',
  audioOutput: 'refuse',
};

/** What no dialect but OpenAI's has. */
const FOREIGN: ParameterRules = {
  ...OPENAI_CHAT,
  seed: 'drop',
  choices: 'refuse',
  frequencyPenalty: 'drop',
  presencePenalty: 'drop',
  logitBias: 'drop',
  logprobs: 'drop',
  verbosity: 'drop',
  metadata: 'drop',
  endUser: 'drop',
  promptCacheKey: 'drop',
  prediction: 'drop',
  audioOutput: 'refuse',
  webSearch: 'refuse',
  store: 'drop',
};

/** The parameter matrix (research/translation.md §6.1), by the dialect of the upstream. */
export const DEFAULT_PARAMETERS: Readonly<Record<Dialect, ParameterRules>> = {
  'openai-chat': OPENAI_CHAT,
  'openai-responses': OPENAI_RESPONSES,
  anthropic: { ...FOREIGN, topK: 'pass', endUser: 'pass', cacheMarks: 'pass' },
  gemini: {
    ...FOREIGN,
    topK: 'pass',
    seed: 'pass',
    choices: 'pass',
    frequencyPenalty: 'pass',
    presencePenalty: 'pass',
    logprobs: 'pass',
    parallelToolCalls: 'drop',
  },
  'bedrock-converse': {
    ...FOREIGN,
    topK: 'pass',
    parallelToolCalls: 'drop',
    metadata: 'pass',
    cacheMarks: 'pass',
  },
};
