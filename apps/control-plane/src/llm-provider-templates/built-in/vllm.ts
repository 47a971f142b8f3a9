import { VLLM_PROFILE } from '@penstock/contracts';
import { bearer, openAiExtraction, responsesMapping } from './extraction.ts';
import type { TemplateInput } from './template-input.ts';

export const vllmTemplate: TemplateInput = {
  displayName: 'vLLM',
  defaultUrl: 'http://127.0.0.1:8000/v1',
  profile: VLLM_PROFILE,
  ...bearer,
  ...openAiExtraction,
  resourceMappings: responsesMapping,
};
