import { bearer, openAiExtraction } from './extraction.ts';
import type { TemplateInput } from './template-input.ts';

/** Most servers that speak OpenAI's Chat take the sampling parameters of open models too. */
export const openAiCompatibleTemplate: TemplateInput = {
  displayName: 'OpenAI compatible',
  profile: {
    parameters: { topK: 'pass', minP: 'pass' },
    efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  },
  ...bearer,
  ...openAiExtraction,
};
