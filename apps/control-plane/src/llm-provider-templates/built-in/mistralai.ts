import type { ModelProfileOverrides } from '@penstock/contracts';
import { bearer, openAiExtraction } from './extraction.ts';
import type { TemplateInput } from './template-input.ts';

/** They know two efforts, and read what they thought in earlier turns. */
const thinks: ModelProfileOverrides = {
  thinking: 'effort',
  efforts: ['none', 'high'],
  parameters: { reasoning: 'pass' },
  reasoningField: 'reasoning',
};
/** They always think in their own measure once the mode of the prompt says so. */
const thinksByMode: ModelProfileOverrides = {
  thinking: 'adaptive',
  efforts: ['none', 'high'],
  parameters: { reasoning: 'pass' },
  reasoningField: 'reasoning',
};

export const mistralAiTemplate: TemplateInput = {
  displayName: 'Mistral AI',
  defaultUrl: 'https://api.mistral.ai',
  profile: {
    maxTokensField: 'max_tokens',
    parameters: {
      topK: 'drop',
      minP: 'drop',
      logitBias: 'drop',
      logprobs: 'drop',
      reasoning: 'drop',
      verbosity: 'drop',
      metadata: 'drop',
      endUser: 'drop',
      cacheMarks: 'drop',
      audioOutput: 'refuse',
      webSearch: 'refuse',
      store: 'drop',
    },
    maxTemperature: 1.5,
    thinking: 'none',
    multipleSystem: false,
    midSystem: 'hoist',
    documents: true,
    toolIds: { characters: 'alphanumeric', minLength: 9, maxLength: 9 },
    streamUsage: 'always',
    reasoningField: 'none',
    unknownFields: 'drop',
  },
  modelProfiles: [
    { match: 'magistral*', profile: thinksByMode },
    ...['mistral-small-latest', 'mistral-small-2603', 'mistral-medium-3.5*'].map((match) => ({
      match,
      profile: thinks,
    })),
    { match: 'voxtral*', profile: { audioInput: true } },
  ],
  ...bearer,
  ...openAiExtraction,
};
