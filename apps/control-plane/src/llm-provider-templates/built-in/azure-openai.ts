import { openAiExtraction, responsesMapping } from './extraction.ts';
import { OPENAI_MODELS, OPENAI_PROFILE } from './openai-models.ts';
import type { TemplateInput } from './template-input.ts';

/** Profiles go by the name of a deployment: one that is not named after its model needs a profile at the provider's model. */
export const azureOpenAiTemplate: TemplateInput = {
  displayName: 'Azure OpenAI',
  authHeader: 'api-key',
  profile: OPENAI_PROFILE,
  modelProfiles: [...OPENAI_MODELS],
  ...openAiExtraction,
  resourceMappings: responsesMapping,
};
