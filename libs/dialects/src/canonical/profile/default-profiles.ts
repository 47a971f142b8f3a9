import type { Dialect, ModelProfile } from '@penstock/contracts';
import { DEFAULT_PARAMETERS } from './default-parameters.ts';

/** What any server that speaks a dialect can be trusted to take; templates and providers say where one can do more or less. */
const OPENAI_CHAT: ModelProfile = {
  chatDialect: null,
  modelGroup: null,
  maxTokensField: 'max_tokens',
  maxOutputTokens: null,
  defaultMaxOutputTokens: 8192,
  parameters: DEFAULT_PARAMETERS['openai-chat'],
  maxTemperature: 2,
  temperatureWithTopP: true,
  thinking: 'effort',
  efforts: ['none', 'low', 'medium', 'high'],
  thinkingOff: true,
  prefill: true,
  // Chat templates of open models raise on a second or a late system message.
  midSystem: 'hoist',
  systemRole: 'system',
  multipleSystem: false,
  forcedToolWithThinking: true,
  toolsRequireResponses: false,
  strictTools: true,
  customTools: false,
  structuredOutput: 'native',
  schemaDialect: 'json-schema',
  images: 'both',
  imageTypes: [],
  documents: false,
  audioInput: false,
  toolResultImages: 'following-user',
  // Older models of OpenAI take 40 characters, newer ones 64.
  toolIds: { characters: 'any', minLength: 1, maxLength: 40 },
  toolNames: { maxLength: 64, startsWithLetter: false },
  maxChoices: 128,
  maxStops: 4,
  streamUsage: 'option',
  reasoningField: 'reasoning',
  unknownFields: 'pass',
  anthropicVersion: '2023-06-01',
  anthropicBetas: [],
};

const OPENAI_RESPONSES: ModelProfile = {
  ...OPENAI_CHAT,
  maxTokensField: 'max_completion_tokens',
  parameters: DEFAULT_PARAMETERS['openai-responses'],
  efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
  midSystem: 'native',
  systemRole: 'developer',
  multipleSystem: true,
  customTools: true,
  schemaDialect: 'openai',
  documents: true,
  toolResultImages: 'native',
  toolIds: { characters: 'any', minLength: 1, maxLength: 64 },
  maxChoices: 1,
  streamUsage: 'always',
  reasoningField: 'none',
};

/** What the dialects have in common that are not OpenAI's. */
const FOREIGN: ModelProfile = {
  ...OPENAI_CHAT,
  multipleSystem: true,
  forcedToolWithThinking: false,
  // Only newer models hold themselves to a schema.
  strictTools: false,
  images: 'data',
  imageTypes: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  documents: true,
  toolResultImages: 'native',
  maxChoices: 1,
  streamUsage: 'always',
  reasoningField: 'none',
};

const ANTHROPIC: ModelProfile = {
  ...FOREIGN,
  parameters: DEFAULT_PARAMETERS.anthropic,
  maxTemperature: 1,
  // Newer models refuse the pair, older ones advise against it.
  temperatureWithTopP: false,
  thinking: 'budget',
  efforts: ['low', 'medium', 'high', 'max'],
  schemaDialect: 'anthropic',
  images: 'both',
  toolIds: { characters: 'word', minLength: 1, maxLength: 128 },
  toolNames: { maxLength: 128, startsWithLetter: false },
  maxStops: 1000,
};

const GEMINI: ModelProfile = {
  ...FOREIGN,
  parameters: DEFAULT_PARAMETERS.gemini,
  thinking: 'budget',
  efforts: ['minimal', 'low', 'medium', 'high'],
  prefill: false,
  forcedToolWithThinking: true,
  schemaDialect: 'gemini',
  imageTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'],
  audioInput: true,
  // Only the newest models take media within a function's response.
  toolResultImages: 'following-user',
  toolIds: { characters: 'any', minLength: 1, maxLength: 512 },
  toolNames: { maxLength: 64, startsWithLetter: true },
  maxChoices: 8,
  maxStops: 5,
};

const BEDROCK_CONVERSE: ModelProfile = {
  ...FOREIGN,
  parameters: DEFAULT_PARAMETERS['bedrock-converse'],
  maxTemperature: 1,
  temperatureWithTopP: false,
  thinking: 'none',
  efforts: ['low', 'medium', 'high', 'max'],
  prefill: false,
  structuredOutput: 'json-tool',
  toolIds: { characters: 'word', minLength: 1, maxLength: 64 },
};

const DEFAULTS: Readonly<Record<Dialect, ModelProfile>> = {
  'openai-chat': OPENAI_CHAT,
  'openai-responses': OPENAI_RESPONSES,
  anthropic: ANTHROPIC,
  gemini: GEMINI,
  'bedrock-converse': BEDROCK_CONVERSE,
};

/** What a model is taken for of which nothing is known but the dialect: complete, and cautious where servers differ. */
export function defaultProfile(dialect: Dialect): ModelProfile {
  return DEFAULTS[dialect];
}
