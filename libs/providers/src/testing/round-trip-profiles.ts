import type { Dialect, ModelProfile, ModelProfileOverrides } from '@penstock/contracts';
import { resolveModelProfile } from '@penstock/dialects';

/** Whose signatures the models of the properties read. */
export const VECTOR_MODEL_GROUP = 'group';

const efforts: ModelProfileOverrides['efforts'] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const all: ModelProfileOverrides = {
  modelGroup: VECTOR_MODEL_GROUP,
  efforts,
  multipleSystem: true,
  customTools: false,
  strictTools: true,
  structuredOutput: 'native',
  documents: true,
  prefill: true,
  temperatureWithTopP: true,
  forcedToolWithThinking: true,
};

const ABLEST: Readonly<Record<Dialect, ModelProfileOverrides>> = {
  'openai-chat': { ...all, parameters: { topK: 'pass' }, toolIds: { characters: 'any', minLength: 1, maxLength: 64 } },
  'openai-responses': all,
  anthropic: { ...all, thinking: 'adaptive' },
  gemini: { ...all, thinking: 'level', toolResultImages: 'native' },
  'bedrock-converse': { ...all, thinking: 'adaptive' },
};

/** The ablest model that speaks a dialect: what is lost with it, is lost for the dialect's sake. */
export function ablestProfile(dialect: Dialect): ModelProfile {
  return resolveModelProfile(dialect, ABLEST[dialect]);
}
