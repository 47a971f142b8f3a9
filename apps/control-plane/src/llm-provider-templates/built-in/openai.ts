import { bearer, openAiExtraction, responsesMapping } from './extraction.ts';
import { OPENAI_MODELS, OPENAI_PROFILE } from './openai-models.ts';
import type { TemplateInput } from './template-input.ts';

export const openAiTemplate: TemplateInput = {
  displayName: 'OpenAI',
  defaultUrl: 'https://api.openai.com/v1',
  profile: OPENAI_PROFILE,
  modelProfiles: [...OPENAI_MODELS],
  ...bearer,
  ...openAiExtraction,
  resourceMappings: responsesMapping,
};
