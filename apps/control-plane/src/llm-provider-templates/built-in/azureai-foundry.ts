import { openAiExtraction, responsesMapping } from './extraction.ts';
import { OPENAI_MODELS, OPENAI_PROFILE } from './openai-models.ts';
import type { TemplateInput } from './template-input.ts';

/** Models of many makers; those of OpenAI are known by their names, the others are asked as any compatible server is. */
export const azureAiFoundryTemplate: TemplateInput = {
  displayName: 'Azure AI Foundry',
  authHeader: 'api-key',
  modelProfiles: OPENAI_MODELS.map(({ match, profile }) => ({ match, profile: { ...OPENAI_PROFILE, ...profile } })),
  ...openAiExtraction,
  resourceMappings: responsesMapping,
};
