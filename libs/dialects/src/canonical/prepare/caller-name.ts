import type { Dialect, TunableParameter } from '@penstock/contracts';

/** What a request says apart from its tunable parameters. */
type Subject = TunableParameter | 'maxOutputTokens' | 'toolChoice' | 'tools' | 'turns' | 'output';

const OPENAI_CHAT: Readonly<Record<Subject, string>> = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  stop: 'stop',
  seed: 'seed',
  choices: 'n',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  logitBias: 'logit_bias',
  logprobs: 'logprobs',
  parallelToolCalls: 'parallel_tool_calls',
  reasoning: 'reasoning_effort',
  verbosity: 'verbosity',
  serviceTier: 'service_tier',
  metadata: 'metadata',
  endUser: 'user',
  promptCacheKey: 'prompt_cache_key',
  cacheMarks: 'prompt_cache_breakpoint',
  prediction: 'prediction',
  audioOutput: 'modalities',
  webSearch: 'web_search_options',
  store: 'store',
  maxOutputTokens: 'max_completion_tokens',
  toolChoice: 'tool_choice',
  tools: 'tools',
  turns: 'messages',
  output: 'response_format',
};

const OPENAI_RESPONSES: Readonly<Record<Subject, string>> = {
  ...OPENAI_CHAT,
  logprobs: 'top_logprobs',
  reasoning: 'reasoning',
  verbosity: 'text.verbosity',
  maxOutputTokens: 'max_output_tokens',
  turns: 'input',
  output: 'text.format',
};

const ANTHROPIC: Readonly<Record<Subject, string>> = {
  ...OPENAI_CHAT,
  stop: 'stop_sequences',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  reasoning: 'thinking',
  endUser: 'metadata.user_id',
  cacheMarks: 'cache_control',
  maxOutputTokens: 'max_tokens',
  output: 'output_config.format',
};

const GEMINI: Readonly<Record<Subject, string>> = {
  ...OPENAI_CHAT,
  temperature: 'generationConfig.temperature',
  topP: 'generationConfig.topP',
  topK: 'generationConfig.topK',
  stop: 'generationConfig.stopSequences',
  seed: 'generationConfig.seed',
  choices: 'generationConfig.candidateCount',
  frequencyPenalty: 'generationConfig.frequencyPenalty',
  presencePenalty: 'generationConfig.presencePenalty',
  logprobs: 'generationConfig.logprobs',
  reasoning: 'generationConfig.thinkingConfig',
  serviceTier: 'serviceTier',
  metadata: 'labels',
  audioOutput: 'generationConfig.responseModalities',
  maxOutputTokens: 'generationConfig.maxOutputTokens',
  toolChoice: 'toolConfig.functionCallingConfig',
  turns: 'contents',
  output: 'generationConfig.responseSchema',
};

const BEDROCK_CONVERSE: Readonly<Record<Subject, string>> = {
  ...OPENAI_CHAT,
  temperature: 'inferenceConfig.temperature',
  topP: 'inferenceConfig.topP',
  topK: 'additionalModelRequestFields.top_k',
  stop: 'inferenceConfig.stopSequences',
  reasoning: 'additionalModelRequestFields.thinking',
  serviceTier: 'serviceTier',
  metadata: 'requestMetadata',
  cacheMarks: 'cachePoint',
  maxOutputTokens: 'inferenceConfig.maxTokens',
  toolChoice: 'toolConfig.toolChoice',
  tools: 'toolConfig.tools',
  output: 'outputConfig.textFormat',
};

const NAMES: Readonly<Record<Dialect, Readonly<Record<Subject, string>>>> = {
  'openai-chat': OPENAI_CHAT,
  'openai-responses': OPENAI_RESPONSES,
  anthropic: ANTHROPIC,
  gemini: GEMINI,
  'bedrock-converse': BEDROCK_CONVERSE,
};

/** By what name a caller of a dialect knows a part of its request; a path where it is not at the top level. */
export function callerName(dialect: Dialect, subject: Subject): string {
  return NAMES[dialect][subject];
}
